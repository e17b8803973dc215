import type { OwnClientPayloads, OwnServerPayloads } from "../../protocol/frames/own.ts";
import type { ClientFrameType, ServerFrameType } from "../../protocol/frames.ts";
import type { Json } from "../../protocol/json.ts";
import { SAMPLE, SAMPLE_MESSAGE, SAMPLE_NOTIFICATION } from "../openapi/sample.ts";

/** What only words can say of a type of frame, and a payload as somebody would send it. */
interface Words {
  readonly summary: string;
  readonly payload?: Json;
}

const ADA = { userId: SAMPLE.userId, name: "Ada" };
const REFUSAL = {
  code: "rate_limited",
  message: "Too many frames. Slow down.",
  retryable: true,
  retryAfterMs: 1_000,
} as const;

/** Of every frame that a client sends. */
export const CLIENT_WORDS: Readonly<Record<ClientFrameType, Words>> = {
  send_message: {
    summary: "Says something, which is stored.",
    payload: { content: "Welcome, @ben", replyTo: 1, mentions: ["ben"] },
  },
  edit_message: {
    summary: "Changes one's own message.",
    payload: { seq: 1, content: "Hello from the very edge" },
  },
  delete_message: {
    summary: "Deletes a message: one's own, or any with the grant `moderate`.",
    payload: { seq: 2 },
  },
  react: {
    summary: "Reacts to a message, or takes that back.",
    payload: { seq: 1, emoji: "❤️" },
  },
  typing_start: { summary: "One types: to be repeated at least every 5 s." },
  typing_end: { summary: "One has stopped typing." },
  read_messages: { summary: "How far one has read.", payload: { upTo: 1 } },
  read_notifications: {
    summary: "Marks notifications as read: up to one, or some by `seq`.",
    payload: { ids: [1] },
  },
  publish: {
    summary: "Tells a value to whoever is connected. A topic keeps the last of each name.",
    payload: { event: "price", data: { symbol: "ACME", price: 41.5 }, conflate: true },
  },
  presence: {
    summary:
      "What one shows of oneself while one is here, as often as it changes: the newest is told; `null` takes it back.",
    payload: { data: { color: "teal" } },
  },
  document_change: {
    summary: "Changes a document: what comes after all changes that its sender had.",
    payload: { version: 2, changes: [{ insert: "edge", at: 14 }] },
  },
  document_snapshot: {
    summary:
      "What a document is after so many changes, for whoever comes: the changes before may go.",
    payload: { version: 3, snapshot: "Hello from the edge" },
  },
  cursor_move: {
    summary: "Where one's cursor is; `null` takes it away.",
    payload: { position: { anchor: 18, head: 18 } },
  },
  player_input: {
    summary: "What one's player wants, from the next tick of the game until the next of these.",
    payload: { dx: 1, dy: 0 },
  },
  refresh_token: {
    summary: "Another token of the same user, before the one at hand ends.",
    payload: { token: SAMPLE.token },
  },
  leave_room: { summary: "Leaves: the server closes with 1000." },
  ping: { summary: 'The heartbeat: the text `{"type":"ping"}`, byte for byte.' },
  read_mark: {
    summary: "One has read up to a `mark` of this id.",
    payload: { id: SAMPLE.epoch },
  },
};

/** Of every frame that the server sends. */
export const SERVER_WORDS: Readonly<Record<ServerFrameType, Words>> = {
  new_message: { summary: "A message was stored.", payload: SAMPLE_MESSAGE },
  message_edited: {
    summary: "A message has another content.",
    payload: {
      ...SAMPLE_MESSAGE,
      content: "Hello from the very edge",
      editedAt: SAMPLE.later,
    },
  },
  message_deleted: {
    summary: "A message is gone; `userId` is who deleted it.",
    payload: { seq: 2, userId: SAMPLE.userId },
  },
  message_reacted: {
    summary: "Somebody reacted to a message, or took that back.",
    payload: { seq: 1, emoji: "❤️", userId: SAMPLE.userId },
  },
  user_typing: {
    summary: "Somebody types, or has stopped: to be dropped after 6 s.",
    payload: { ...ADA, typing: true },
  },
  messages_read: {
    summary: "How far somebody has read.",
    payload: { userId: SAMPLE.userId, upTo: 1 },
  },
  notification: { summary: "A notification was stored.", payload: SAMPLE_NOTIFICATION },
  notifications_read: {
    summary: "Notifications were read, on whichever device.",
    payload: { upTo: 1, unread: 0 },
  },
  event: {
    summary: "A value was published.",
    payload: { event: "price", data: { symbol: "ACME", price: 41.5 }, userId: "system" },
  },
  user_updated: {
    summary: "Somebody shows something else, or with `null` nothing any more.",
    payload: { ...ADA, data: { color: "teal" } },
  },
  joined_room: {
    summary: "The first frame: where the log stands, who is here, what was said.",
    payload: {
      roomId: SAMPLE.room,
      userId: SAMPLE.userId,
      epoch: SAMPLE.epoch,
      seq: 1,
      users: [ADA],
      reads: {},
      recovered: false,
      heartbeatMs: 30_000,
      limits: {
        frameBytes: 65_536,
        contentChars: 4_000,
        framesPerSecond: 20,
        presencePerSecond: 30,
      },
      history: [SAMPLE_MESSAGE],
    },
  },
  joined_document: {
    summary: "The first frame in a document: what it is, who is here, and where their cursors are.",
    payload: {
      roomId: "document:notes",
      userId: SAMPLE.userId,
      epoch: SAMPLE.epoch,
      seq: 3,
      users: [ADA],
      reads: {},
      recovered: false,
      heartbeatMs: 30_000,
      limits: {
        frameBytes: 589_824,
        contentChars: 4_000,
        framesPerSecond: 100,
        presencePerSecond: 30,
      },
      version: 3,
      from: 2,
      snapshot: { version: 2, snapshot: "Hello from the" },
      cursors: { ben: { anchor: 5, head: 5 } },
    },
  },
  remote_change: {
    summary: "A document was changed; `seq` is the `version` that this led to.",
    payload: {
      from: 2,
      version: 3,
      changes: [{ insert: "edge", at: 14 }],
      userId: SAMPLE.userId,
    },
  },
  remote_cursor: {
    summary: "Somebody's cursor has moved, or with `null` is gone.",
    payload: { userId: "ben", position: { anchor: 6, head: 6 } },
  },
  game_state: {
    summary: "Where the players are that have moved in a tick, or all, and what is no player's.",
    payload: {
      tick: 41,
      players: [[1, 5_000, 2_500, 3]],
      shared: [4_120, 8_800],
      who: [[1, SAMPLE.userId, "Ada"]],
      full: true,
    },
  },
  user_joined: { summary: "Somebody's first connection is there.", payload: ADA },
  user_left: { summary: "Somebody's last connection has gone.", payload: ADA },
  token_refreshed: {
    summary: "The connection lasts until then.",
    payload: { expiresAt: SAMPLE.later },
  },
  you: {
    summary: "What you may do here, and what the room's rules know of you, is another than before.",
    payload: { can: ["read"], member: { role: "voter" } },
  },
  ack: {
    summary:
      "What became of the frame of this messageId; with `tick` when what a player wants first counted.",
    payload: { success: true, savedId: 2 },
  },
  error: { summary: "Why something without a messageId was refused.", payload: REFUSAL },
  pong: { summary: 'The answer to `ping`: the text `{"type":"pong"}`, byte for byte.' },
  mark: {
    summary:
      "Much was sent since the last one: to be answered with `read_mark`, as proof that it was read.",
    payload: { id: SAMPLE.epoch },
  },
};

/** Of every frame that rooms of a deployment's own kinds take or send beside what their contracts say. */
export const OWN_WORDS: Readonly<
  Record<keyof OwnClientPayloads | keyof OwnServerPayloads, string>
> = {
  query: "Asks for something, which changes nothing.",
  state: "How the room stands, for those who do not fold its events: the newest alone.",
  answer: "What became of the query of this messageId.",
};
