import type { User } from "../client/index.ts";
import { type ChatRoom, useChat } from "./chat-room.ts";
import { useView } from "./use-view.ts";

const NOBODY: readonly User[] = [];

/** Who is in a chat, as of the last that was heard. */
export function usePresence(name: string): readonly User[] {
  return useView(useChat(name), usersOf, NOBODY);
}

function usersOf({ room }: ChatRoom): readonly User[] {
  return room.users;
}
