import {
  CHAT_CLIENT_FRAMES,
  CHAT_SERVER_FRAMES,
  type ChatClientPayloads,
  type ChatServerPayloads,
} from "./frames/chat.ts";
import {
  CONNECTION_CLIENT_FRAMES,
  CONNECTION_SERVER_FRAMES,
  type ConnectionClientPayloads,
  type ConnectionServerPayloads,
} from "./frames/connection.ts";
import {
  DOCUMENT_CLIENT_FRAMES,
  DOCUMENT_SERVER_FRAMES,
  type DocumentClientPayloads,
  type DocumentServerPayloads,
} from "./frames/document.ts";
import {
  GAME_CLIENT_FRAMES,
  GAME_SERVER_FRAMES,
  type GameClientPayloads,
  type GameServerPayloads,
} from "./frames/game.ts";
import {
  INBOX_CLIENT_FRAMES,
  INBOX_SERVER_FRAMES,
  type InboxClientPayloads,
  type InboxServerPayloads,
} from "./frames/inbox.ts";
import {
  PRESENCE_CLIENT_FRAMES,
  PRESENCE_SERVER_FRAMES,
  type PresenceClientPayloads,
  type PresenceServerPayloads,
} from "./frames/presence.ts";
import {
  PUBLISH_CLIENT_FRAMES,
  PUBLISH_SERVER_FRAMES,
  type PublishClientPayloads,
  type PublishServerPayloads,
} from "./frames/publish.ts";
import type { ServerFrameRow } from "./frames/row.ts";
import { hasOwn } from "./has-own.ts";

/**
 * Every frame that a client or a backend sends: whether it is stored, what it needs, and the
 * request that says the same over HTTP. Routes, the SDK's requests, the parser and every description
 * of the protocol follow from it. Which kind of room takes what, its contract says.
 */
export const CLIENT_FRAMES = {
  ...CHAT_CLIENT_FRAMES,
  ...INBOX_CLIENT_FRAMES,
  ...PUBLISH_CLIENT_FRAMES,
  ...PRESENCE_CLIENT_FRAMES,
  ...DOCUMENT_CLIENT_FRAMES,
  ...GAME_CLIENT_FRAMES,
  ...CONNECTION_CLIENT_FRAMES,
} as const;

/** Every frame that the server sends. */
export const SERVER_FRAMES = {
  ...CHAT_SERVER_FRAMES,
  ...INBOX_SERVER_FRAMES,
  ...PUBLISH_SERVER_FRAMES,
  ...PRESENCE_SERVER_FRAMES,
  ...DOCUMENT_SERVER_FRAMES,
  ...GAME_SERVER_FRAMES,
  ...CONNECTION_SERVER_FRAMES,
} as const;

/** Payload of each row of {@link CLIENT_FRAMES}. */
export interface ClientPayloads
  extends ChatClientPayloads,
    InboxClientPayloads,
    PublishClientPayloads,
    PresenceClientPayloads,
    DocumentClientPayloads,
    GameClientPayloads,
    ConnectionClientPayloads {}

/** Payload of each row of {@link SERVER_FRAMES}. */
export interface ServerPayloads
  extends ChatServerPayloads,
    InboxServerPayloads,
    PublishServerPayloads,
    PresenceServerPayloads,
    DocumentServerPayloads,
    GameServerPayloads,
    ConnectionServerPayloads {}

type ClientRows = typeof CLIENT_FRAMES;
type ServerRows = typeof SERVER_FRAMES;

/** The types of the rows that have such fields. */
type TypesWith<Rows, Fields> = {
  [Type in keyof Rows]: Rows[Type] extends Fields ? Type : never;
}[keyof Rows];

/** The `type` of a frame that a client may send. */
export type ClientFrameType = Exclude<
  keyof ClientRows,
  TypesWith<ClientRows, { backendOnly: true }>
>;
/** The `type` of a client's frame that is stored. */
export type DurableClientType = ClientFrameType & TypesWith<ClientRows, { durable: true }>;
/** The `type` of a frame that a request can say: a client's, or the backend's alone. */
export type HttpFrameType = TypesWith<ClientRows, { http: object }>;
/** The `type` of a server frame. */
export type ServerFrameType = keyof ServerRows;
/** The `type` of an event that is stored in the log and carries a `seq`. */
export type DurableType = TypesWith<ServerRows, { durable: true }>;
/** The `type` of a server frame that streams and polls carry as well. */
export type HeardType = Exclude<ServerFrameType, TypesWith<ServerRows, { socketOnly: true }>>;

const serverRows: Readonly<Record<string, ServerFrameRow>> = SERVER_FRAMES;

/** Whether frames of this type are about the connection itself, and so of every kind of room. */
export function isOfConnections(type: string): boolean {
  return hasOwn(CONNECTION_CLIENT_FRAMES, type) || hasOwn(CONNECTION_SERVER_FRAMES, type);
}

/** Every `type` that a client may send. */
export const CLIENT_FRAME_TYPES = (Object.keys(CLIENT_FRAMES) as (keyof ClientRows)[]).filter(
  isClientType,
);

/** Every `type` that a request can say. */
export const HTTP_FRAME_TYPES = (Object.keys(CLIENT_FRAMES) as (keyof ClientRows)[]).filter(
  isHttpType,
);

function isHttpType(type: keyof ClientRows): type is HttpFrameType {
  return "http" in CLIENT_FRAMES[type];
}

function isClientType(type: keyof ClientRows): type is ClientFrameType {
  return !("backendOnly" in CLIENT_FRAMES[type]);
}

/** Whether a frame of this type is an event of the log and has a `seq`. */
export function isDurableType(type: string): type is DurableType {
  return rowOf(serverRows, type)?.durable === true;
}

/** A stranger's text may name something that every object has. */
function rowOf<Row>(rows: Readonly<Record<string, Row>>, type: string): Row | undefined {
  return hasOwn(rows, type) ? rows[type] : undefined;
}
