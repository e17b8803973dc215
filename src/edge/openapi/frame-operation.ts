import * as z from "zod";
import { savedSchema } from "../../protocol/ack-schema.ts";
import type { ClientFrameRow, FrameRoute } from "../../protocol/frames/row.ts";
import { CLIENT_FRAMES, HTTP_FRAME_TYPES, type HttpFrameType } from "../../protocol/frames.ts";
import { deliveredSchema } from "../../protocol/http-answer-schema.ts";
import type { BodySchemas } from "../../protocol/http-body-schema.ts";
import type { Answer, Operation } from "./operation.ts";
import { IDEMPOTENCY, json, PARAMS, QUERIES } from "./parts.ts";

/** What only words can say of a frame's operation. */
type Words = Pick<Operation, "id" | "tag" | "summary" | "description" | "errors" | "examples">;

/** The operation that says a frame: all but the words follows from its row. */
export function frameOperation(type: HttpFrameType, words: Words): Operation {
  const { backendOnly, durable }: ClientFrameRow = CLIENT_FRAMES[type];
  const { http }: { readonly http: FrameRoute } = CLIENT_FRAMES[type];
  return {
    ...words,
    method: http.method.toLowerCase() as Lowercase<FrameRoute["method"]>,
    path: http.path,
    access: backendOnly === true ? "backend" : "user",
    params: paramsOf(http.path),
    query: durable === true ? QUERIES.stored : QUERIES.as,
    ...(durable === true ? { headers: IDEMPOTENCY } : {}),
    ...(http.method === "DELETE" ? {} : { body: bodyOf(http) }),
    answers: answersOf(http.status),
  };
}

function paramsOf(path: string): z.ZodObject {
  if (path.includes(":userId")) return PARAMS.inbox;
  return path.includes(":seq") ? PARAMS.message : PARAMS.room;
}

/** One request may say one frame in one kind of room, and another in another. */
function bodyOf({ method, path }: FrameRoute): (bodies: BodySchemas) => z.ZodType {
  const types = HTTP_FRAME_TYPES.filter((type) => {
    const { http } = CLIENT_FRAMES[type];
    return http.method === method && http.path === path;
  });
  return (bodies) => {
    const [first, ...others] = types.map((type) => bodies[type]);
    if (first === undefined) throw new Error(`No frame is said at ${path}.`);
    return others.length === 0 ? first : z.union([first, ...others]);
  };
}

function answersOf(status: FrameRoute["status"]): readonly Answer[] {
  switch (status) {
    case 200:
      return [json(200, "It is stored, or had been before.", savedSchema)];
    case 201:
      return [
        json(201, "It is stored.", savedSchema),
        json(200, "It had been stored before.", savedSchema),
      ];
    case 202:
      return [json(202, "It is on its way.", deliveredSchema)];
    case 204:
      return [{ status, description: "It is noted." }];
  }
}
