import { reauthorizeBodySchema } from "../../../protocol/http.ts";
import { askedSchema } from "../../../protocol/http-answer-schema.ts";
import type { Operation } from "../operation.ts";
import { ERRORS, json, PARAMS } from "../parts.ts";
import { SAMPLE } from "../sample.ts";

/** What there is where a kind of the deployment has a rule on who may be in its rooms. */
export const reauthorization: readonly Operation[] = [
  {
    id: "reauthorize",
    method: "post",
    path: "/v1/rooms/:room/reauthorize",
    tag: "Rooms",
    summary: "Have `authorize` asked anew",
    description:
      "About everybody who is in the room, or one user, also without a body. What it answers then " +
      "holds at once: whoever it refuses is closed with 4403, and of a change the others are told by " +
      "`you`. Of a room `document:<name>` it is asked about those in the Yjs document as well, of whom " +
      "one who may write from now on is asked for what it wrote before. Requests and polls may go by an " +
      "answer that is up to a minute old.",
    access: "backend",
    params: PARAMS.room,
    body: () => reauthorizeBodySchema,
    answers: [json(202, "About how many people it is asked.", askedSchema)],
    errors: [
      ...ERRORS.always,
      "unauthorized",
      "token_expired",
      "access_denied",
      "not_found",
      "too_large",
    ],
    examples: [
      {
        name: "one",
        summary: "Ben has another role now",
        params: { room: SAMPLE.room },
        body: { userId: "ben" },
        status: 202,
        answer: { asked: 1 },
      },
    ],
  },
];
