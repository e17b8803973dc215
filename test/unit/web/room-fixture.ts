import type { JoinedRoom, Message, MessagePage, ServerFrameOf } from "../../../src/client/index.ts";
import type { RoomFrame } from "../../../src/web/chat/state/frame.ts";
import type { Outgoing } from "../../../src/web/chat/state/outgoing.ts";
import { type Action, reduce } from "../../../src/web/chat/state/reduce.ts";
import { type Row, rows } from "../../../src/web/chat/state/rows.ts";
import { type ChatState, initialState } from "../../../src/web/chat/state/state.ts";

const START_MS = Date.parse("2026-03-01T12:00:00.000Z");

/** A moment some minutes after the room began. */
export function at(minutes: number): string {
  return new Date(START_MS + minutes * 60_000).toISOString();
}

/** A message of ann's, one minute a seq. */
export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    seq,
    messageId: `id-${seq}`,
    userId: "ann",
    userName: "Ann",
    content: `text ${seq}`,
    timestamp: at(seq),
    ...more,
  };
}

/** A frame as the server sends it. */
export function frame<T extends RoomFrame["type"]>(
  type: T,
  payload: ServerFrameOf<T>["payload"],
  seq?: number,
): Action {
  const envelope = { type, payload, timestamp: at(0), ...(seq === undefined ? {} : { seq }) };
  return { type: "frame", frame: envelope as unknown as RoomFrame };
}

/** `new_message` with its seq on the envelope. */
export function said(news: Message): Action {
  return frame("new_message", news, news.seq);
}

/** `joined_room` of ben, with ann present. */
export function joined(more: Partial<JoinedRoom> = {}): Action {
  const history = more.history ?? [];
  return frame("joined_room", {
    roomId: "lobby",
    userId: "ben",
    epoch: "e1",
    seq: history.at(-1)?.seq ?? 0,
    users: [
      { userId: "ann", name: "Ann" },
      { userId: "ben", name: "Ben" },
    ],
    reads: {},
    history,
    recovered: false,
    heartbeatMs: 30_000,
    limits: { frameBytes: 65_536, contentChars: 4_000, framesPerSecond: 20 },
    ...more,
  });
}

/** A message of ben's on its way. */
export function outgoing(messageId: string, content = "hello"): Outgoing {
  return { messageId, content, timestamp: at(30), delivery: { state: "waiting" } };
}

/** A page of history. */
export function page(
  messages: MessagePage["messages"],
  more: Partial<MessagePage> = {},
): MessagePage {
  return { messages, epoch: "e1", seq: 100, hasMore: false, ...more };
}

/** The room after all of this. */
export function roomAfter(...actions: readonly Action[]): ChatState {
  return actions.reduce(reduce, initialState("lobby"));
}

/** What each line says and how it stands, to compare at a glance. */
export function lines(state: ChatState): readonly string[] {
  return rows(state).map(line);
}

function line(row: Row): string {
  switch (row.kind) {
    case "message":
      return row.message.content;
    case "deleted":
      return "(deleted)";
    case "outgoing":
      return `${row.message.content} [${row.message.delivery.state}]`;
  }
}
