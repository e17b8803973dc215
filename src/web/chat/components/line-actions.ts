import type { Message } from "../../../client/index.ts";

/** What can be done from within the log. The same object for its whole life. */
export interface LineActions {
  jump(seq: number): void;
  reply(message: Message): void;
  /** Opens a message for editing, or closes the one that is open. */
  edit(seq: number | undefined): void;
  save(seq: number, content: string): void;
  remove(message: Message): void;
  react(seq: number, emoji: string, isMine: boolean): void;
  retry(messageId: string): void;
  discard(messageId: string): void;
}
