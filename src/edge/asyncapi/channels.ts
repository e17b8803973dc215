import { BUILT_IN } from "../../kinds/built-in.ts";
import type { ExtendedKind } from "../../kinds/extension.ts";
import { hears, tells } from "../../kinds/saying.ts";
import {
  CLIENT_FRAME_TYPES,
  CLIENT_FRAMES,
  SERVER_FRAMES,
  type ServerFrameType,
} from "../../protocol/frames.ts";
import { joinQuerySchema, socketQuerySchema } from "../../protocol/http.ts";
import type { SchemaWriter } from "../openapi/json-schema.ts";
import { SERVER_FRAME_TYPES } from "./messages.ts";
import { CLIENT_WORDS, SERVER_WORDS } from "./words.ts";

/** The rooms by kind, each over a WebSocket and as an event stream. */
export function channelsOf(schemas: SchemaWriter): object {
  const channels = BUILT_IN.flatMap((kind) => {
    const { title, room, parameters } = kind.extension.address;
    const { name } = kind.contract;
    return [
      [
        name,
        {
          address: `/v1/rooms/${room}/ws`,
          title: `${title}, over a WebSocket`,
          servers: [{ $ref: "#/servers/socket" }],
          parameters,
          messages: referring([...saidIn(kind), ...toldIn(kind)]),
          bindings: { ws: { method: "GET", query: schemas.body(socketQuerySchema) } },
        },
      ],
      [
        streamOf(name),
        {
          address: `/v1/rooms/${room}/events`,
          title: `${title}, as Server-Sent Events`,
          description:
            "Each event's name is a frame's `type`, its data the frame, and its id `<epoch>:<seq>`. " +
            `Query: ${Object.keys(joinQuerySchema.shape)
              .map((name) => `\`${name}\``)
              .join(", ")}.`,
          servers: [{ $ref: "#/servers/stream" }],
          parameters,
          messages: referring(toldIn(kind).filter(isHeard)),
        },
      ],
    ];
  });
  return Object.fromEntries(channels);
}

/** What the server takes and sends, an operation for each frame and kind of room. */
export function operationsOf(): object {
  const operations = BUILT_IN.flatMap((kind) => {
    const { name } = kind.contract;
    const taken = saidIn(kind).map((type) => [
      `${name}.${type}`,
      {
        action: "receive",
        channel: { $ref: `#/channels/${name}` },
        summary: CLIENT_WORDS[type].summary,
        messages: [inChannel(name, type)],
        reply: {
          channel: { $ref: `#/channels/${name}` },
          messages: repliesTo(type).map((reply) => inChannel(name, reply)),
        },
      },
    ]);
    const sent = toldIn(kind).flatMap((type) =>
      [name, ...(isHeard(type) ? [streamOf(name)] : [])].map((channel) => [
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

function streamOf(name: string): string {
  return `${name}Events`;
}

function saidIn(kind: ExtendedKind): typeof CLIENT_FRAME_TYPES {
  return CLIENT_FRAME_TYPES.filter((type) => hears(kind, type));
}

function toldIn(kind: ExtendedKind): readonly ServerFrameType[] {
  return SERVER_FRAME_TYPES.filter((type) => tells(kind, type));
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
