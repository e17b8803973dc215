import { useMemo } from "react";
import type {
  PendingFrame,
  RealtimeError,
  Room,
  RoomStatus,
  RoomTypes,
  TypedMessage,
} from "../client/index.ts";
import type { DataOf } from "../client/jsonable.ts";
import { type ChatRoom, useChat } from "./chat-room.ts";
import { closedError } from "./closed-error.ts";
import type { Place } from "./place.ts";
import { useView } from "./use-view.ts";

/** The messages of a chat. */
interface View<T extends RoomTypes> {
  /** The newest that are known, oldest first, at most 200. */
  readonly messages: readonly TypedMessage<DataOf<T>>[];
  /** What was sent and is not acknowledged yet. */
  readonly pending: readonly PendingFrame[];
  readonly status: RoomStatus;
  /** Why the room is closed for good. */
  readonly error: RealtimeError | undefined;
}

/** What may be done with them. */
type Acts<T extends RoomTypes> = Pick<
  Room<T>,
  "send" | "edit" | "delete" | "react" | "history" | "present"
>;

const BEFORE: View<object> = { messages: [], pending: [], status: "connecting", error: undefined };

/** Enters a chat for its messages. */
export function useMessages<T extends RoomTypes = object>(name: string): View<T> & Acts<T> {
  const place = useChat(name);
  const view = useView(place, viewOf, BEFORE);
  const acts = useMemo(() => actsOf(place), [place]);
  // What goes with messages is what the application says it is: nobody can check.
  return useMemo(() => ({ ...acts, ...view }), [acts, view]) as unknown as View<T> & Acts<T>;
}

function viewOf(chat: ChatRoom): View<object> {
  const { messages, pending, status } = chat.room;
  return { messages, pending, status, error: closedError(chat) };
}

function actsOf(place: Place<ChatRoom>): Acts<object> {
  const room = () => place.held.handle.room;
  return {
    send: (content, options) => room().send(content, options),
    edit: (seq, content, deadline) => room().edit(seq, content, deadline),
    delete: (seq, deadline) => room().delete(seq, deadline),
    react: (seq, emoji, options) => room().react(seq, emoji, options),
    history: (query) => room().history(query),
    present: (data) => room().present(data),
  };
}
