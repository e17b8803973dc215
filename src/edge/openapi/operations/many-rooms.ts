import * as z from "zod";
import { roomsEventsQuerySchema, roomsPollQuerySchema } from "../../../protocol/http.ts";
import { roomsPollPageSchema } from "../../../protocol/http-answer-schema.ts";
import { writeRoomsCursor } from "../../../protocol/rooms-cursor-text.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, ERRORS, json, QUERIES } from "../parts.ts";
import { SAMPLE } from "../sample.ts";
import { EVENT_STREAM, STREAM_OF_ROOMS, upgrade } from "./listening.ts";

const ROOMS = { rooms: SAMPLE.room };
const PLACE = { epoch: SAMPLE.epoch, seq: 1 };

/** What keeps somebody out of all rooms; what one of them has is told beside the others. */
const OF_ALL = ERRORS.always.filter((code) => code !== "internal");

/** The ways to hear many rooms at once. */
export const manyRooms: readonly Operation[] = [
  {
    id: "pollRooms",
    method: "get",
    path: "/v1/poll",
    tag: "Listening",
    summary: "Poll many rooms at once",
    description:
      "As a poll of one room, with the `room` in each event and one cursor over all of them.",
    access: "user",
    query: roomsPollQuerySchema.safeExtend(QUERIES.as.shape),
    answers: [
      json(200, "What was missed, and the cursor to go on from.", roomsPollPageSchema, {
        "Cache-Control": ANSWER_HEADERS.noStore,
      }),
    ],
    errors: OF_ALL,
    examples: [
      {
        name: "first",
        summary: "Where the logs stand now",
        query: ROOMS,
        status: 200,
        answer: { events: [], cursor: writeRoomsCursor(new Map([[SAMPLE.room, PLACE]])) },
      },
    ],
  },
  {
    id: "streamRooms",
    method: "get",
    path: "/v1/events",
    tag: "Listening",
    summary: "Server-Sent Events of many rooms",
    description:
      "As the stream of one room, with the `room` in each event. Its `id` is one opaque cursor over " +
      "all of them. A room that refuses is an event `left`.",
    access: "user",
    query: roomsEventsQuerySchema.safeExtend(QUERIES.as.shape),
    headers: z.object({
      "Last-Event-ID": z
        .string()
        .optional()
        .meta({ description: "The cursor, as an EventSource sends it; before `cursor`." }),
    }),
    answers: [EVENT_STREAM],
    errors: OF_ALL,
    examples: [
      {
        name: "joined",
        summary: "From now on",
        query: ROOMS,
        status: 200,
        answer: STREAM_OF_ROOMS,
      },
    ],
  },
  {
    id: "openRooms",
    method: "get",
    path: "/v1/ws",
    tag: "Listening",
    summary: "WebSocket of many rooms",
    description:
      'In no room yet: `{"type":"join","room":…}` enters up to 32, and each frame names its room.',
    access: "user",
    headers: upgrade,
    answers: [{ status: 101, description: "The socket is open." }],
    errors: ERRORS.always.filter((code) => code !== "internal"),
    examples: [{ name: "plain", summary: "JSON", headers: { Upgrade: "websocket" }, status: 101 }],
  },
];
