import type { Entrance } from "../dialect.ts";
import type { MessageForm } from "../message-socket.ts";

/** Where a player wants to go: a direction of length 1. */
export interface Heading {
  readonly dx: number;
  readonly dy: number;
}

/** How a server of games is spoken to. */
export interface GameDialect {
  readonly form: MessageForm;
  /** Takes a place, where that is asked for apart, and says where its player comes in. */
  entrance(index: number): Promise<Entrance>;
  /** What a player says to go somewhere from the next tick on. */
  input(heading: Heading): Uint8Array;
  /** Whether a message tells a tick. */
  isTick(message: Buffer): boolean;
  /** What a message wants to hear, if it does: a welcome, or a mark. */
  answerTo(message: Buffer): Uint8Array | undefined;
}
