import type { ServerFrameOf } from "../../../client/index.ts";
import { applyChange, type ChangeFrame } from "./change.ts";
import { insertEntry } from "./entry.ts";
import { joinRoom } from "./join.ts";
import { without } from "./outgoing.ts";
import { learnNames, noteTyping, withoutUser } from "./people.ts";
import { advance } from "./receipts.ts";
import type { ChatState } from "./state.ts";

/** The types of frames that the page takes in. */
export const TAKEN_TYPES = [
  "joined_room",
  "new_message",
  "message_edited",
  "message_deleted",
  "message_reacted",
  "user_joined",
  "user_left",
  "user_typing",
  "messages_read",
  "error",
] as const;

/** A frame that the page takes in. */
export type RoomFrame = ServerFrameOf<(typeof TAKEN_TYPES)[number]>;

/** The room after a frame of the server's. A stored event that was taken in before is skipped. */
export function takeFrame(state: ChatState, frame: RoomFrame): ChatState {
  switch (frame.type) {
    case "joined_room":
      return joinRoom(state, frame.payload);
    case "new_message":
      return once(state, frame.payload.seq, () => takeMessage(state, frame));
    case "message_edited":
    case "message_deleted":
    case "message_reacted":
      return once(state, frame.seq, () => takeChange(state, frame));
    case "user_joined":
      return {
        ...state,
        users: [...withoutUser(state.users, frame.payload.userId), frame.payload],
        names: learnNames(state.names, [frame.payload]),
      };
    case "user_left":
      return {
        ...state,
        users: withoutUser(state.users, frame.payload.userId),
        typists: withoutUser(state.typists, frame.payload.userId),
        // One who left before anything was heard of them can still be mentioned.
        names: learnNames(state.names, [frame.payload]),
      };
    case "user_typing":
      return { ...state, typists: noteTyping(state.typists, frame.payload) };
    case "messages_read":
      return { ...state, reads: advance(state.reads, frame.payload.userId, frame.payload.upTo) };
    case "error":
      return { ...state, problem: frame.payload };
  }
}

function once(state: ChatState, seq: number | undefined, take: () => ChatState): ChatState {
  if (seq === undefined) return take();
  return seq <= state.head ? state : { ...take(), head: seq };
}

function takeMessage(state: ChatState, { payload }: ServerFrameOf<"new_message">): ChatState {
  return {
    ...state,
    entries: insertEntry(state.entries, payload),
    outgoing:
      payload.userId === state.me ? without(state.outgoing, payload.messageId) : state.outgoing,
    typists: withoutUser(state.typists, payload.userId),
    names: learnNames(state.names, [{ userId: payload.userId, name: payload.userName }]),
  };
}

function takeChange(state: ChatState, frame: ChangeFrame): ChatState {
  const { older } = state;
  return {
    ...state,
    entries: applyChange(state.entries, frame),
    older: older.state === "loading" ? { ...older, late: [...older.late, frame] } : older,
  };
}
