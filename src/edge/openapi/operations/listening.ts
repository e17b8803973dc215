import * as z from "zod";
import { joinQuerySchema, pollQuerySchema, socketQuerySchema } from "../../../protocol/http.ts";
import { pollPageSchema } from "../../../protocol/http-answer-schema.ts";
import { writeRoomsCursor } from "../../../protocol/rooms-cursor-text.ts";
import { heardFrameSchema } from "../../../protocol/server-frame-schema.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, ERRORS, json, PARAMS, QUERIES } from "../parts.ts";
import { SAMPLE, SAMPLE_MESSAGE } from "../sample.ts";

const NEW_MESSAGE = {
  type: "new_message",
  timestamp: SAMPLE.timestamp,
  messageId: SAMPLE_MESSAGE.messageId,
  seq: 1,
  payload: SAMPLE_MESSAGE,
} as const;

const JOINED = {
  type: "joined_room",
  timestamp: SAMPLE.timestamp,
  payload: {
    roomId: SAMPLE.room,
    userId: SAMPLE.userId,
    epoch: SAMPLE.epoch,
    seq: 1,
    users: [{ userId: SAMPLE.userId, name: "Ada" }],
    reads: {},
    recovered: false,
    heartbeatMs: 30_000,
    limits: { frameBytes: 65_536, contentChars: 4_000, framesPerSecond: 20, presencePerSecond: 30 },
    history: [SAMPLE_MESSAGE],
  },
} as const;

const STREAM = streamOf(`${SAMPLE.epoch}:1`, JOINED);

/** A stream of many rooms, as it begins. */
export const STREAM_OF_ROOMS = streamOf(
  writeRoomsCursor(new Map([[SAMPLE.room, { epoch: SAMPLE.epoch, seq: 1 }]])),
  { room: SAMPLE.room, ...JOINED },
);

const PATH = { params: { room: SAMPLE.room } };
const RESUMED = { since: "0", epoch: SAMPLE.epoch };

const lastEventId = z.object({
  "Last-Event-ID": z
    .string()
    .optional()
    .meta({ description: "`<epoch>:<seq>`, as an EventSource sends it; before `since`." }),
});

/** Headers of a request for a WebSocket. */
export const upgrade = z.object({
  Upgrade: z.literal("websocket"),
  "Sec-WebSocket-Protocol": z.string().optional().meta({
    description:
      "`hibiki.v1.json` or `hibiki.v1.msgpack`, and beside it `bearer.<jwt>` from browsers.",
  }),
});

function streamOf(id: string, joined: object): string {
  const data = `data: ${JSON.stringify(joined)}`;
  return ["retry: 2000", "", "event: joined_room", `id: ${id}`, data, "", ""].join("\n");
}

/** The answer that is an event stream. */
export const EVENT_STREAM: Operation["answers"][number] = {
  status: 200,
  description: "The stream. It ends with the token, or with the room's restart.",
  headers: {
    "Cache-Control": {
      description: "Not to be kept, and not to be compressed.",
      schema: z.literal("no-store, no-transform"),
    },
  },
  content: { type: "text/event-stream", event: heardFrameSchema },
};

/** The ways to hear a room. */
export const listening: readonly Operation[] = [
  {
    id: "poll",
    method: "get",
    path: "/v1/rooms/:room/poll",
    tag: "Listening",
    summary: "Poll, short or long",
    description:
      "The events since the cursor. Without `since` it is from now on. With `wait` it answers as " +
      "soon as there is something, or empty at the deadline. Ask again with the answer's cursor.",
    access: "user",
    params: PARAMS.room,
    query: pollQuerySchema.safeExtend(QUERIES.as.shape),
    answers: [
      json(200, "What was missed, and the cursor to go on from.", pollPageSchema, {
        "Cache-Control": ANSWER_HEADERS.noStore,
      }),
    ],
    errors: [...ERRORS.room, "too_many_connections"],
    examples: [
      {
        ...PATH,
        name: "first",
        summary: "Where the log stands now",
        status: 200,
        answer: { events: [], epoch: SAMPLE.epoch, seq: 1, recovered: false },
      },
      {
        ...PATH,
        name: "short",
        summary: "What was missed, at once",
        query: RESUMED,
        status: 200,
        answer: { events: [NEW_MESSAGE], epoch: SAMPLE.epoch, seq: 1, recovered: true },
      },
      {
        ...PATH,
        name: "long",
        summary: "The next thing that happens, within a second",
        query: { wait: "1" },
        status: 200,
        answer: { events: [], epoch: SAMPLE.epoch, seq: 1, recovered: false },
      },
    ],
  },
  {
    id: "streamEvents",
    method: "get",
    path: "/v1/rooms/:room/events",
    tag: "Listening",
    summary: "Server-Sent Events",
    description:
      "Every event as it happens, by its own type: an EventSource names the types that it wants " +
      "(`addEventListener`), for none is called `message`. The first is `joined_room`. A comment " +
      "every 15 seconds keeps proxies from hanging up.",
    access: "user",
    params: PARAMS.room,
    query: joinQuerySchema.safeExtend(QUERIES.as.shape),
    headers: lastEventId,
    answers: [EVENT_STREAM],
    errors: [...ERRORS.room, "too_many_connections"],
    examples: [
      { ...PATH, name: "joined", summary: "From now on", status: 200, answer: STREAM },
      {
        ...PATH,
        name: "resumed",
        summary: "From a cursor on",
        query: RESUMED,
        status: 200,
        answer: STREAM,
      },
      {
        ...PATH,
        name: "reconnected",
        summary: "As an EventSource comes back",
        headers: { "Last-Event-ID": `${SAMPLE.epoch}:0` },
        status: 200,
        answer: STREAM,
      },
    ],
  },
  {
    id: "openWebSocket",
    method: "get",
    path: "/v1/rooms/:room/ws",
    tag: "Listening",
    summary: "WebSocket",
    description:
      "Both ways, which is what chats want; the README has its frames. An upgrade that is refused " +
      "is accepted, told one `error` and closed, because a browser can read no status here.",
    access: "user",
    params: PARAMS.room,
    query: socketQuerySchema,
    headers: upgrade,
    answers: [{ status: 101, description: "The socket is open." }],
    errors: ERRORS.always.filter((code) => code !== "internal"),
    examples: [
      {
        ...PATH,
        name: "plain",
        summary: "JSON, a frame at a time",
        headers: { Upgrade: "websocket" },
        status: 101,
      },
      {
        ...PATH,
        name: "resumed",
        summary: "From a cursor on, with batches",
        query: RESUMED,
        headers: { Upgrade: "websocket", "Sec-WebSocket-Protocol": "hibiki.v1.json" },
        status: 101,
      },
    ],
  },
];
