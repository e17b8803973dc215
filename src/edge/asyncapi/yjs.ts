import type { WireMessage } from "../../document/wire.ts";

type Side = "client" | "server";

/** A message of the wire as it is described. */
interface Words {
  readonly by: readonly Side[];
  /** Its bytes: hexadecimal, then what follows, whose length comes before it. */
  readonly bytes: string;
  readonly summary: string;
}

const BOTH: readonly Side[] = ["client", "server"];
const CHANNEL = "yjs";

/** The wire of y-websocket, whose messages are bytes and have no schema (P17). */
const MESSAGES: Readonly<Record<WireMessage["type"], Words>> = {
  sync_step_1: {
    by: BOTH,
    bytes: "00 00 <state vector>",
    summary: "Says what its sender has, and asks for the rest.",
  },
  sync_step_2: {
    by: BOTH,
    bytes: "00 01 <update>",
    summary: "The last of what was asked for by a sync step 1.",
  },
  update: {
    by: BOTH,
    bytes: "00 02 <update>",
    summary: "An edit. The server tells it once it is stored, to its sender as well.",
  },
  awareness: {
    by: BOTH,
    bytes: "01 <awareness update>",
    summary: "What somebody shows, such as a cursor.",
  },
  permission_denied: {
    by: ["server"],
    bytes: "02 00 <code: message>",
    summary: "A refusal, as text. The close follows a second later, where there is one.",
  },
  query_awareness: {
    by: BOTH,
    bytes: "03",
    summary: "Asks for what everybody shows.",
  },
};

const ALL = Object.entries(MESSAGES);
const idOf = (type: string) => `${CHANNEL}.${type}`;

/** Where documents are edited over the wire of Yjs. */
export const YJS_CHANNELS = {
  [CHANNEL]: {
    address: "/v1/documents/{document}",
    title: "A document of Yjs, over a WebSocket",
    description:
      "The wire of y-websocket, for its stock client: a binary frame is one message. The subprotocol is `hibiki.yjs.v1`, or none.",
    servers: [{ $ref: "#/servers/socket" }],
    parameters: { document: { description: "Its name, which follows `document:` in grants." } },
    messages: Object.fromEntries(
      ALL.map(([type]) => [idOf(type), { $ref: `#/components/messages/${idOf(type)}` }]),
    ),
    bindings: { ws: { method: "GET" } },
  },
};

/** Each message, once for each side that says it. */
export const YJS_OPERATIONS = Object.fromEntries(
  ALL.flatMap(([type, { by, summary }]) =>
    by.map((side) => [
      `${idOf(type)}.${side === "client" ? "said" : "told"}`,
      {
        action: side === "client" ? "receive" : "send",
        channel: { $ref: `#/channels/${CHANNEL}` },
        summary,
        messages: [{ $ref: `#/channels/${CHANNEL}/messages/${idOf(type)}` }],
      },
    ]),
  ),
);

/** Its messages, as bytes. */
export const YJS_MESSAGES = Object.fromEntries(
  ALL.map(([type, { bytes, summary }]) => [
    idOf(type),
    {
      name: type,
      summary,
      contentType: "application/octet-stream",
      payload: { type: "string", format: "binary", description: `\`${bytes}\`` },
    },
  ]),
);
