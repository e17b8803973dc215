import * as z from "zod";
import type { Operation } from "../operation.ts";
import { ERRORS, PARAMS } from "../parts.ts";

const upgrade = z.object({
  Upgrade: z.literal("websocket"),
  "Sec-WebSocket-Protocol": z.string().optional().meta({
    description: "`hibiki.yjs.v1`, and beside it `bearer.<jwt>` from browsers; or none.",
  }),
});

/** Operations on Yjs documents. */
export const documents: readonly Operation[] = [
  {
    id: "openDocument",
    method: "get",
    path: "/v1/documents/:document",
    tag: "Documents",
    summary: "WebSocket of y-websocket",
    description:
      "A Yjs document, by the stock client of y-websocket. It needs the grant `read` for the room " +
      "`document:<name>`, and `write` to change it. An upgrade that is refused is accepted, told why " +
      "by an auth message, and closed a second later.",
    access: "user",
    params: PARAMS.document,
    headers: upgrade,
    answers: [{ status: 101, description: "The socket is open." }],
    errors: ERRORS.always.filter((code) => code !== "internal"),
    examples: [
      {
        name: "plain",
        summary: "As the stock client opens it",
        params: { document: "notes" },
        headers: { Upgrade: "websocket" },
        status: 101,
      },
    ],
  },
];
