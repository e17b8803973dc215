import { BUILT_IN } from "../../../kinds/built-in.ts";
import { OWN_ARCHIVE } from "../../../kinds/running/own-archive.ts";
import { archiveLineSchema } from "../../../protocol/archive-schema.ts";
import { importedSchema } from "../../../protocol/http-answer-schema.ts";
import { roomKind } from "../../../protocol/room-kind.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, ERRORS, json, PARAMS, QUERIES } from "../parts.ts";
import { SAMPLE, SAMPLE_MESSAGE } from "../sample.ts";

const BACKEND_ERRORS = [
  ...ERRORS.always,
  "unauthorized",
  "token_expired",
  "access_denied",
  "rate_limited",
] as const;

const LINE = archiveLineSchema(
  [...BUILT_IN.map(({ extension }) => extension.archive), OWN_ARCHIVE].flatMap(({ lines }) =>
    lines.map(({ schema }) => schema),
  ),
);

/** A room with one message, as its export has it. */
const LINES = [
  {
    type: "room",
    version: 1,
    room: SAMPLE.room,
    kind: roomKind(SAMPLE.room),
    epoch: SAMPLE.epoch,
    head: 1,
    oldest: 1,
    former: [],
  },
  {
    type: "event",
    seq: 1,
    event: "new_message",
    at: Date.parse(SAMPLE.timestamp),
    userId: SAMPLE.userId,
    messageId: SAMPLE_MESSAGE.messageId,
    payload: SAMPLE_MESSAGE,
  },
  { type: "writer", userId: SAMPLE.userId },
  { type: "end", lines: 4 },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join("");

/** A room as a whole: its end, and the way out and back in. */
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
  {
    id: "exportRoom",
    method: "get",
    path: "/v1/rooms/:room/export",
    tag: "Rooms",
    summary: "Export a room",
    description:
      "Everything that the room holds, one JSON object a line, streamed: what it is, its events by " +
      "`seq` as they are now, receipts, writers, bans, last values, what was read of an inbox. What " +
      "is said meanwhile is not in it. Without a last line of type `end` it was cut off.",
    access: "backend",
    params: PARAMS.room,
    query: QUERIES.as,
    answers: [
      {
        status: 200,
        description: "The lines.",
        headers: { "Cache-Control": ANSWER_HEADERS.noStore },
        content: { type: "application/x-ndjson", line: LINE },
      },
    ],
    errors: BACKEND_ERRORS,
    examples: [
      {
        name: "export",
        summary: "A room with one message",
        params: { room: SAMPLE.room },
        status: 200,
        answer: LINES,
      },
    ],
  },
  {
    id: "importRoom",
    method: "post",
    path: "/v1/rooms/:room/import",
    tag: "Rooms",
    summary: "Import a room",
    description:
      "Takes an export into an empty room, whole or not at all. Seqs, times, ids and read marks are " +
      "as they were. The log has another epoch, but a cursor of the exported life is good as far " +
      "as the export goes. While it lasts, the room is closed to everybody.",
    access: "backend",
    params: PARAMS.room,
    query: QUERIES.as,
    lines: LINE,
    answers: [json(201, "It is on disk.", importedSchema)],
    errors: [...BACKEND_ERRORS, "conflict", "too_large"],
    examples: [
      {
        name: "import",
        summary: "A room with one message",
        params: { room: "general-copy" },
        body: LINES,
        status: 201,
        answer: { epoch: SAMPLE.epoch, seq: 1, lines: 4 },
      },
    ],
  },
];
