import type { Rules } from "../../contract/rules.ts";
import { eventFrame } from "../../room/log/event-frame.ts";
import { type ExtendedKind, type Extension, extendedKind } from "../extension.ts";
import { presence } from "../presence.ts";
import { publish } from "../publish.ts";
import { CHAT_ARCHIVE } from "./archive.ts";
import { ChatMemory } from "./chat-memory.ts";
import { chat } from "./contract.ts";
import {
  deleteMessage,
  editMessage,
  react,
  readMessages,
  sendMessage,
  startTyping,
  stopTyping,
} from "./decisions.ts";

const EXTENSION: Extension<typeof chat, ChatMemory> = {
  presence: true,
  address: {
    title: "A chat room",
    room: "{room}",
    parameters: { room: { description: "The room's name, with no prefix of another kind." } },
  },
  log: { frame: eventFrame },
  archive: CHAT_ARCHIVE,
  open: (ports) => new ChatMemory(ports),
  decide: {
    send_message: sendMessage,
    edit_message: editMessage,
    delete_message: deleteMessage,
    react,
    typing_start: startTyping,
    typing_end: stopTyping,
    read_messages: readMessages,
    publish,
    presence,
  },
};

/**
 * Rooms in which people write to each other, with rules of a team's.
 *
 * @throws {TypeError} for a rule of something that a chat does not have.
 */
export function chatKind(rules: Rules<typeof chat>): ExtendedKind<typeof chat> {
  return extendedKind(chat, rules, EXTENSION);
}

/** Rooms in which people write to each other. */
export const CHAT = chatKind({});
