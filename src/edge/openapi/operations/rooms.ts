import { kickQuerySchema } from "../../../protocol/http.ts";
import {
  kickedSchema,
  peopleSchema,
  roomStatsSchema,
} from "../../../protocol/http-answer-schema.ts";
import { frameOperation } from "../frame-operation.ts";
import type { Operation } from "../operation.ts";
import { ANSWER_HEADERS, ERRORS, json, PARAMS, QUERIES } from "../parts.ts";
import { SAMPLE } from "../sample.ts";

const PATH = { params: { room: SAMPLE.room } };
const BEN = { params: { room: SAMPLE.room, userId: "ben" } };

/** Who is in a room, and what is said there but never stored. */
export const rooms: readonly Operation[] = [
  {
    id: "listPeople",
    method: "get",
    path: "/v1/rooms/:room/users",
    tag: "Rooms",
    summary: "See who is here",
    description: "Everybody with an open connection, once each. Polls do not count.",
    access: "user",
    params: PARAMS.room,
    query: QUERIES.as,
    answers: [json(200, "Who is here now.", peopleSchema)],
    errors: ERRORS.room,
    examples: [
      {
        ...PATH,
        name: "people",
        summary: "One person",
        status: 200,
        answer: { users: [{ userId: SAMPLE.userId, name: "Ada" }] },
      },
    ],
  },
  frameOperation("publish", {
    id: "publish",
    tag: "Rooms",
    summary: "Publish a value",
    description:
      "To whoever is connected now; never stored. A topic keeps the last value of each event name " +
      "for whoever joins. With `conflate`, slow readers may get only the newest value.",
    errors: [...ERRORS.kind, "conflict", "too_large"],
    examples: [
      {
        ...PATH,
        name: "cursor",
        summary: "Where a pointer is",
        body: { event: "pointer", data: { x: 12, y: 30 } },
        status: 202,
        answer: { delivered: 1 },
      },
      {
        name: "price",
        summary: "A new value of a dashboard",
        params: { room: "topic:prices" },
        body: { event: "price", data: { symbol: "ACME", price: 41.5 }, conflate: true },
        status: 202,
        answer: { delivered: 0 },
      },
    ],
  }),
  frameOperation("read_messages", {
    id: "markRead",
    tag: "Rooms",
    summary: "Mark as read",
    description:
      "In a chat, and in a room of an own kind whose contract has receipts: how far one has read, " +
      "which only ever moves up. In an inbox: notifications up to a seq, or some by theirs.",
    errors: ERRORS.kind,
    examples: [
      { ...PATH, name: "receipt", summary: "A receipt", body: { upTo: 1 }, status: 204 },
      {
        name: "notification",
        summary: "One notification",
        params: { room: "user:ada" },
        body: { ids: [1] },
        status: 204,
      },
    ],
  }),
  {
    id: "kick",
    method: "delete",
    path: "/v1/rooms/:room/users/:userId",
    tag: "Rooms",
    summary: "Show someone the door",
    description: "Closes their connections, and with `ban` keeps them out. Needs `moderate`.",
    access: "user",
    params: PARAMS.member,
    query: kickQuerySchema.safeExtend(QUERIES.as.shape),
    answers: [json(200, "They are gone.", kickedSchema)],
    errors: ERRORS.room,
    examples: [
      {
        ...BEN,
        name: "kicked",
        summary: "Out, but free to come back",
        status: 200,
        answer: { disconnected: 1 },
      },
      {
        ...BEN,
        name: "banned",
        summary: "Out for an hour",
        query: { ban: "3600" },
        status: 200,
        answer: { disconnected: 1, bannedUntil: SAMPLE.later },
      },
    ],
  },
  {
    id: "unban",
    method: "delete",
    path: "/v1/rooms/:room/bans/:userId",
    tag: "Rooms",
    summary: "Lift a ban",
    description: "Also when there is none. Needs `moderate`.",
    access: "user",
    params: PARAMS.member,
    query: QUERIES.as,
    answers: [{ status: 204, description: "There is no ban." }],
    errors: ERRORS.room,
    examples: [{ ...BEN, name: "forgiven", summary: "Welcome back", status: 204 }],
  },
  {
    id: "forgetLastValue",
    method: "delete",
    path: "/v1/rooms/:room/last/:event",
    tag: "Rooms",
    summary: "Drop a topic's last value",
    description:
      "Whoever joins from now on is not told it, and its name is free for another. Watchers who are " +
      "connected are not told. Needs `moderate`.",
    access: "user",
    params: PARAMS.lastValue,
    query: QUERIES.as,
    answers: [{ status: 204, description: "The topic keeps no value of that event." }],
    errors: ERRORS.kind,
    examples: [
      {
        name: "price",
        summary: "A price that is no more",
        params: { room: "topic:prices", event: "price" },
        status: 204,
      },
    ],
  },
  {
    id: "getStats",
    method: "get",
    path: "/v1/rooms/:room/stats",
    tag: "Rooms",
    summary: "See how a room is doing",
    description: "Its own numbers, since its first day. Needs `moderate`.",
    access: "user",
    params: PARAMS.room,
    query: QUERIES.as,
    answers: [
      json(200, "The numbers.", roomStatsSchema, { "Cache-Control": ANSWER_HEADERS.noStore }),
    ],
    errors: ERRORS.room,
    examples: [
      {
        ...PATH,
        name: "numbers",
        summary: "A room with one reader",
        status: 200,
        answer: {
          epoch: SAMPLE.epoch,
          seq: 3,
          connections: 1,
          users: 1,
          peak: 2,
          messages: 3,
          frames: 4,
          bytes: { in: 420, out: 1_310 },
          logRows: 3,
          storedBytes: 49_152,
          connects: { websocket: 2, poll: 1 },
          disconnects: { "1000": { clean: 2, abnormal: 0 } },
          refusals: { rate_limited: 1 },
          ruleFailures: { before: 1 },
          flushes: { count: 5, items: 7 },
        },
      },
    ],
  },
];
