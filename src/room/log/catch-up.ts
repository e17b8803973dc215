import type { WireMessage } from "../../protocol/bundle.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { RoomLog, Stretch } from "./log.ts";

/**
 * What a connection missed, on its way to it in portions, and what the room told meanwhile, which
 * waits behind it. The log is read a portion at a time, so that a resume holds none of it in memory.
 */
export class CatchUp {
  readonly #log: RoomLog;
  readonly #upTo: number;
  readonly #failed: (failure: unknown) => void;
  #after: number;
  #waiting: WireMessage[] = [];
  #waitingUnits = 0;
  #hasFailed = false;

  /** @param failed notes what made it fail, which harms nobody else. */
  constructor(log: RoomLog, { after, upTo }: Stretch, failed: (failure: unknown) => void) {
    this.#log = log;
    this.#failed = failed;
    this.#after = after;
    this.#upTo = upTo;
  }

  /** Whether nothing is left of what was missed. */
  get isOver(): boolean {
    return !this.#hasFailed && this.#after >= this.#upTo;
  }

  /** Whether the rest cannot be told: nor read, retention has taken of it, or too much waits behind it. */
  get isBroken(): boolean {
    const isGone = !this.isOver && this.#log.oldest > this.#after + 1;
    return this.#hasFailed || isGone || this.#waitingUnits > BOUNDS.catchUpWaitingUnits;
  }

  /** The next portion, packed; at least one event, or nothing where that cannot be told. */
  next(pack: (frames: readonly EncodedFrame[]) => readonly WireMessage[]): readonly WireMessage[] {
    try {
      return pack(this.#read());
    } catch (failure) {
      this.#hasFailed = true;
      this.#failed(failure);
      return [];
    }
  }

  /** A message that may only follow what was missed. */
  hold(message: WireMessage): void {
    this.#waiting.push(message);
    this.#waitingUnits += message.length;
  }

  /** Hands over what waits. */
  release(): readonly WireMessage[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#waitingUnits = 0;
    return waiting;
  }

  #read(): readonly EncodedFrame[] {
    const frames: EncodedFrame[] = [];
    let units = 0;
    for (const event of this.#log.eventsAfter(this.#after, this.#upTo - this.#after)) {
      frames.push(EncodedFrame.fromJson(event));
      units += event.length;
      if (units >= BOUNDS.catchUpPortionUnits) break;
    }
    // The log has no gaps, so as many events further is as many seqs further.
    this.#after = frames.length === 0 ? this.#upTo : this.#after + frames.length;
    return frames;
  }
}
