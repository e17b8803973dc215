import type { ServerFrameRow } from "../../protocol/frames/row.ts";
import {
  CLIENT_FRAME_TYPES,
  CLIENT_FRAMES,
  hearsFrame,
  SERVER_FRAMES,
  type ServerFrameType,
} from "../../protocol/frames.ts";
import { joinQuerySchema, socketQuerySchema } from "../../protocol/http.ts";
import type { LogKind } from "../../protocol/room-name.ts";
import type { SchemaWriter } from "../openapi/json-schema.ts";
import { SERVER_FRAME_TYPES } from "./messages.ts";
import { CLIENT_WORDS, SERVER_WORDS } from "./words.ts";

/** How a kind of room is addressed. */
interface Place {
  readonly title: string;
  readonly room: string;
  readonly parameter: { readonly [name: string]: { readonly description: string } };
}

const PLACES: Readonly<Record<LogKind, Place>> = {
  chat: {
    title: "A chat room",
    room: "{room}",
    parameter: { room: { description: "The room's name, with no prefix of another kind." } },
  },
  inbox: {
    title: "A user's inbox",
    room: "user:{userId}",
    parameter: { userId: { description: "Whose inbox it is, percent-encoded." } },
  },
  topic: {
    title: "A topic",
    room: "topic:{topic}",
    parameter: { topic: { description: "What is watched." } },
  },
};

const KINDS = Object.keys(PLACES) as LogKind[];

/** The rooms by kind, each over a WebSocket and as an event stream. */
export function channelsOf(schemas: SchemaWriter): object {
  const channels = KINDS.flatMap((kind) => {
    const { title, room, parameter } = PLACES[kind];
    const sent = CLIENT_FRAME_TYPES.filter((type) => hearsFrame(kind, type));
    return [
      [
        kind,
        {
          address: `/v1/rooms/${room}/ws`,
          title: `${title}, over a WebSocket`,
          servers: [{ $ref: "#/servers/socket" }],
          parameters: parameter,
          messages: referring([...sent, ...toldIn(kind)]),
          bindings: { ws: { method: "GET", query: schemas.body(socketQuerySchema) } },
        },
      ],
      [
        streamOf(kind),
        {
          address: `/v1/rooms/${room}/events`,
          title: `${title}, as Server-Sent Events`,
          description:
            "Each event's name is a frame's `type`, its data the frame, and its id `<epoch>:<seq>`. " +
            `Query: ${Object.keys(joinQuerySchema.shape)
              .map((name) => `\`${name}\``)
              .join(", ")}.`,
          servers: [{ $ref: "#/servers/stream" }],
          parameters: parameter,
          messages: referring(toldIn(kind).filter(isHeard)),
        },
      ],
    ];
  });
  return Object.fromEntries(channels);
}

/** What the server takes and sends, an operation for each frame and kind of room. */
export function operationsOf(): object {
  const operations = KINDS.flatMap((kind) => {
    const taken = CLIENT_FRAME_TYPES.filter((type) => hearsFrame(kind, type)).map((type) => [
      `${kind}.${type}`,
      {
        action: "receive",
        channel: { $ref: `#/channels/${kind}` },
        summary: CLIENT_WORDS[type].summary,
        messages: [inChannel(kind, type)],
        reply: {
          channel: { $ref: `#/channels/${kind}` },
          messages: repliesTo(type).map((reply) => inChannel(kind, reply)),
        },
      },
    ]);
    const sent = toldIn(kind).flatMap((type) =>
      [kind, ...(isHeard(type) ? [streamOf(kind)] : [])].map((channel) => [
        `${channel}.${type}`,
        {
          action: "send",
          channel: { $ref: `#/channels/${channel}` },
          summary: SERVER_WORDS[type].summary,
          messages: [inChannel(channel, type)],
        },
      ]),
    );
    return [...taken, ...sent];
  });
  return Object.fromEntries(operations);
}

/** What its own sender is answered. */
function repliesTo(type: (typeof CLIENT_FRAME_TYPES)[number]): readonly ServerFrameType[] {
  if (type === "ping") return ["pong"];
  if (type === "refresh_token") return ["token_refreshed", "ack", "error"];
  return "durable" in CLIENT_FRAMES[type] ? ["ack"] : ["ack", "error"];
}

function streamOf(kind: LogKind): string {
  return `${kind}Events`;
}

function toldIn(kind: LogKind): readonly ServerFrameType[] {
  return SERVER_FRAME_TYPES.filter((type) => {
    const { kinds }: ServerFrameRow = SERVER_FRAMES[type];
    return kinds === undefined || kinds.includes(kind);
  });
}

function isHeard(type: ServerFrameType): boolean {
  return !("socketOnly" in SERVER_FRAMES[type]);
}

function referring(types: readonly string[]): object {
  return Object.fromEntries(types.map((type) => [type, { $ref: `#/components/messages/${type}` }]));
}

function inChannel(channel: string, type: string): object {
  return { $ref: `#/channels/${channel}/messages/${type}` };
}
