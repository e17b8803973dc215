import { type Mounted, WHOLE } from "../deployment.ts";
import { SchemaWriter } from "../openapi/json-schema.ts";
import { channelsOf, operationsOf } from "./channels.ts";
import { messagesOf } from "./messages.ts";
import { ownParts } from "./own-kinds.ts";
import { YJS_CHANNELS, YJS_MESSAGES, YJS_OPERATIONS } from "./yjs.ts";

const DESCRIPTION = `The frames of rooms, inboxes, topics and documents, as the server has them: it receives what
clients send, and sends what they are told.

Over a WebSocket of the subprotocol \`hibiki.v1.json\` or \`hibiki.v1.msgpack\` (the same frames in
MessagePack), several frames may come as one \`{"type":"batch","payload":[frame, …]}\`. Fields and
types that are not known are to be ignored. A frame with a \`messageId\` is answered by an \`ack\`.
What is asked by request is told in \`/openapi.json\`.

Over \`/v1/ws\` and \`/v1/events?rooms=\` come the same frames of many rooms, each with its \`room\`:
\`{"type":"join","room":…}\` enters one, \`leave\` leaves it, and \`left {code, reason}\` tells of an end.`;

const HOST = {
  host: { default: "localhost:8787", description: "Where the Worker is deployed." },
};

/** How a listener says who it is (P2.8). */
const SECURITY = {
  token: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description:
      "A user's token: `Authorization: Bearer <jwt>`, or from a browser's WebSocket the second subprotocol `bearer.<jwt>`.",
  },
  tokenInQuery: {
    type: "httpApiKey",
    in: "query",
    name: "token",
    description: "A user's token where no header can be set, as in an EventSource.",
  },
} as const;

const ACCEPTED = Object.keys(SECURITY).map((name) => ({
  $ref: `#/components/securitySchemes/${name}`,
}));

/** The description of the frames, from the very schemas that check them. */
export interface AsyncApiDocument {
  readonly asyncapi: string;
  readonly [part: string]: unknown;
}

/** Builds the document (AsyncAPI 3.0) for a deployment, and its bound on a message's length. */
export function asyncApiDocument(
  version: string,
  contentChars: number,
  { base, contracts }: Mounted = WHOLE,
): AsyncApiDocument {
  const schemas = new SchemaWriter();
  const channels = channelsOf(schemas);
  const messages = messagesOf(schemas, contentChars);
  const own = [...contracts.values()].map((contract) => ownParts(contract, schemas));
  const host = { host: "{host}", ...(base === "" ? {} : { pathname: base }), variables: HOST };
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Hibiki",
      version,
      description: DESCRIPTION,
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: {
      socket: { ...host, protocol: "wss", security: ACCEPTED },
      stream: { ...host, protocol: "https", security: ACCEPTED },
    },
    channels: Object.assign({}, channels, YJS_CHANNELS, ...own.map((parts) => parts.channels)),
    operations: Object.assign(
      operationsOf(),
      YJS_OPERATIONS,
      ...own.map((parts) => parts.operations),
    ),
    components: {
      messages: Object.assign({}, messages, YJS_MESSAGES, ...own.map((parts) => parts.messages)),
      schemas: schemas.components,
      securitySchemes: SECURITY,
    },
  };
}
