import type { Close } from "../../protocol/close.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { Actor } from "../actor.ts";
import type { Asking, RoomFrame } from "../frame.ts";
import type { Telling } from "../hooks/effect.ts";
import type { Outcome } from "./outcome.ts";

/** A checked frame waiting for the flush. */
export interface Submission extends Asking {
  readonly frame: RoomFrame;
  /** What its sender asked for, where a review has put something else in its place: a repeat is known by it. */
  readonly asked?: RoomFrame;
  readonly actor: Actor;
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
  /** How much it holds in memory, about. */
  readonly bytes: number;
  /** Whether only the newest such of its connection counts. */
  readonly isConflated?: true;
  /** Told after the commit; a connection is answered with a frame instead. */
  readonly answer?: (outcome: Outcome) => void;
}

/** A close that follows the frames of its flush. */
export interface Closing {
  readonly connectionId: string;
  readonly close: Close;
}

/** One thing waiting for the flush. */
export type QueueItem =
  | ({ readonly kind: "frame" } & Submission)
  | ({ readonly kind: "tell" } & Telling)
  | ({ readonly kind: "close" } & Closing)
  /** A reader has left whose receipt may be nowhere else. */
  | { readonly kind: "save-receipts" }
  /** The room's kind has something to store, as it may with each flush. */
  | { readonly kind: "save-kind" }
  /** Somebody is here now, or nobody: a later life must know. */
  | { readonly kind: "occupancy"; readonly isOccupied: boolean };

/** What one flush settles, in order. */
export interface Batch {
  readonly items: readonly QueueItem[];
  /** Place of the first item: places go on from one batch to the next. */
  readonly first: number;
}

/** What waits for the next flush, in order; bounded in what strangers can put there. */
export class Queue {
  #items: QueueItem[] = [];
  #first = 0;
  #bytes = 0;

  get length(): number {
    return this.#items.length;
  }

  /** Place of whatever comes next. */
  get next(): number {
    return this.#first + this.#items.length;
  }

  /** Takes out all that waits. */
  drain(): Batch {
    const batch = { items: this.#items, first: this.#first };
    this.#first = this.next;
    this.#items = [];
    this.#bytes = 0;
    return batch;
  }

  push(item: QueueItem): void {
    this.#items.push(item);
  }

  /** Takes a frame; `false` when the queue is full. */
  submit(submission: Submission): boolean {
    const bytes = this.#bytes + submission.bytes;
    if (this.#items.length >= BOUNDS.queuedFrames || bytes > BOUNDS.queuedBytes) return false;
    this.#bytes = bytes;
    this.#items.push({ kind: "frame", ...submission });
    return true;
  }
}
