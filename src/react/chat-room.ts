import { useCallback } from "react";
import type { RealtimeClient, Room, RoomEvents, User } from "../client/index.ts";
import type { Handle, Sort } from "./held.ts";
import { type Place, usePlace } from "./place.ts";

/** All that changes what a component can see of a chat. */
const TOLD: readonly (keyof RoomEvents)[] = [
  "joined_room",
  "new_message",
  "message_edited",
  "message_deleted",
  "message_reacted",
  "messages_read",
  "user_joined",
  "user_left",
  "user_updated",
  "user_typing",
  "pending",
  "status",
];

/** A chat as components share it: the room, and who types there. */
export class ChatRoom implements Handle {
  readonly room: Room;
  #typists: readonly User[] = [];

  constructor(room: Room) {
    this.room = room;
    room.on("user_typing", ({ userId, name, typing }) => {
      this.#stopped(userId);
      if (typing) this.#typists = [...this.#typists, { userId, name }];
    });
    // A room that slept meanwhile does not say that they have stopped.
    room.on("user_left", ({ userId }) => this.#stopped(userId));
    room.on("status", ({ status }) => {
      if (status !== "open") this.#typists = [];
    });
  }

  get typists(): readonly User[] {
    return this.#typists;
  }

  get status() {
    return this.room.status;
  }

  get reason() {
    return this.room.reason;
  }

  leave(): Promise<void> {
    return this.room.leave();
  }

  #stopped(userId: string): void {
    this.#typists = this.#typists.filter((one) => one.userId !== userId);
  }
}

/** The place of a chat: all hooks of one room share one handle. */
export function useChat(name: string): Place<ChatRoom> {
  const enter = useCallback((client: RealtimeClient) => chatSort(client, name), [name]);
  return usePlace(chatKey(name), enter);
}

/** What a chat is held as. */
export function chatKey(name: string): string {
  return `chat ${name}`;
}

/** How it is opened and watched. */
export function chatSort(client: RealtimeClient, name: string): Sort<ChatRoom> {
  return {
    open: () => new ChatRoom(client.room(name)),
    watch: ({ room }, changed) => {
      for (const type of TOLD) room.on(type, changed);
    },
    isReady: ({ room }) => room.joined !== undefined,
    isBusy: ({ room }) => room.pending.length > 0,
  };
}
