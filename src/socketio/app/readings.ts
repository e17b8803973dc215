import { APP_BOUNDS } from "./limits.ts";
import { framesIn, type RoomFrame } from "./room-frame.ts";
import { type Telling, telling } from "./tells.ts";

/** A frame that a room tells, and what its clients are told because of it. */
export class ReadFrame {
  readonly frame: RoomFrame;
  readonly #room: string;
  #telling: Telling | undefined;

  constructor(room: string, frame: RoomFrame) {
    this.#room = room;
    this.frame = frame;
  }

  /** Found out once, by the first who is told. */
  get telling(): Telling {
    this.#telling ??= telling(this.#room, this.frame);
    return this.#telling;
  }
}

interface Reading {
  readonly room: string;
  readonly message: string;
  readonly frames: readonly ReadFrame[];
}

/**
 * What rooms told lately, read and translated once: a room tells all who only listen the same text, and a
 * Worker has many of them.
 */
export class Readings {
  /** The latest used first. */
  readonly #kept: Reading[] = [];
  #chars = 0;

  /** The frames of one message of a room, in order. */
  of(room: string, message: string): readonly ReadFrame[] {
    const at = this.#kept.findIndex((one) => one.message === message && one.room === room);
    const [known] = at < 0 ? [] : this.#kept.splice(at, 1);
    const reading = known ?? read(room, message);
    if (known === undefined) this.#chars += message.length;
    this.#kept.unshift(reading);
    while (this.#kept.length > APP_BOUNDS.readings || this.#chars > APP_BOUNDS.readingsChars) {
      this.#chars -= this.#kept.pop()?.message.length ?? 0;
    }
    return reading.frames;
  }
}

function read(room: string, message: string): Reading {
  return { room, message, frames: framesIn(message).map((frame) => new ReadFrame(room, frame)) };
}
