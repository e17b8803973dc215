import type { User } from "../protocol/message.ts";
import { type ReadRoom, Receipts } from "./receipts.ts";
import { TypingSignal } from "./typing-signal.ts";
import { TypingWatch } from "./typing-watch.ts";

/**
 * What a chat's people type and have read: a file of its own, because a chat can be shown before anybody
 * does.
 */
export class Attention {
  readonly typing: TypingSignal;
  readonly receipts: Receipts;
  readonly typists: TypingWatch;

  /** @param stopped is told of those who have stopped typing without saying so. */
  constructor(room: ReadRoom, stopped: (user: User) => void) {
    const { environment } = room.options;
    this.typing = new TypingSignal(environment, (type) => room.uplink.say({ type }));
    this.receipts = new Receipts(room);
    this.typists = new TypingWatch(environment, stopped);
  }
}
