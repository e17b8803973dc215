import type { Operation } from "../operation.ts";
import { ERRORS, PARAMS, QUERIES } from "../parts.ts";

const BACKEND_ERRORS = [
  ...ERRORS.always,
  "unauthorized",
  "token_expired",
  "access_denied",
  "not_found",
  "rate_limited",
] as const;

/** A room as a whole: its end. */
export const roomLife: readonly Operation[] = [
  {
    id: "deleteRoom",
    method: "delete",
    path: "/v1/rooms/:room",
    tag: "Rooms",
    summary: "Delete a room",
    description:
      "Ends every connection with the close code 4403 and erases everything: log, receipts, bans, " +
      "last values, and notices that wait for an inbox. Its name begins anew with another epoch, " +
      "so every old cursor is void. Also when there is no such room.",
    access: "backend",
    params: PARAMS.room,
    query: QUERIES.as,
    answers: [{ status: 204, description: "There is nothing under this name any more." }],
    errors: BACKEND_ERRORS,
    examples: [
      { name: "deleted", summary: "A room that is done", params: { room: "done" }, status: 204 },
    ],
  },
];
