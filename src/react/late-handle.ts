import { RealtimeError, type RoomStatus, type StatusReason } from "../client/index.ts";
import type { Handle, Sort } from "./held.ts";

/** How long until code is asked for again that could not be had, in milliseconds. */
const REST_MS = 1_000;

/** What a handle stands for whose code comes late. */
type Opened = Omit<Handle, "leave">;

/** How that is opened, watched and left. */
export interface Opening<T extends Opened> {
  open(): Promise<T>;
  /** Calls whenever something that components read may have changed. */
  watch(opened: T, changed: () => void): void;
  leave(opened: T): Promise<void>;
  /** Whether leaving it would lose what was changed; never, when absent. */
  isBusy?(opened: T): boolean;
}

/** What components share, also while its code is on its way. */
export class LateHandle<T extends Opened> implements Handle {
  readonly #opening: Opening<T>;
  #opened: T | undefined;
  #refusal: RealtimeError | undefined;
  #changed: () => void = () => {};
  #left: Promise<void> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(opening: Opening<T>) {
    this.#opening = opening;
    void this.#load();
  }

  /** `undefined` until its code is there. */
  get opened(): T | undefined {
    return this.#opened;
  }

  get status(): RoomStatus {
    const isOver = this.#refusal !== undefined || this.#left !== undefined;
    return this.#opened?.status ?? (isOver ? "closed" : "connecting");
  }

  get reason(): StatusReason | undefined {
    return this.#opened?.reason ?? this.#refusal;
  }

  /** Calls whenever something of it may be another. */
  watch(changed: () => void): void {
    this.#changed = changed;
  }

  leave(): Promise<void> {
    clearTimeout(this.#again);
    const opened = this.#opened;
    this.#left ??= opened === undefined ? Promise.resolve() : this.#opening.leave(opened);
    return this.#left;
  }

  async #load(): Promise<void> {
    try {
      const opened = await this.#opening.open();
      if (this.#left !== undefined) {
        await this.#opening.leave(opened);
        return;
      }
      this.#opened = opened;
      this.#opening.watch(opened, () => this.#changed());
      this.#changed();
    } catch (error) {
      if (this.#left !== undefined) return;
      if (error instanceof RealtimeError) {
        this.#refusal = error;
        this.#changed();
      } else this.#again = setTimeout(() => void this.#load(), REST_MS);
    }
  }
}

/** How components share what is opened so. */
export function lateSort<T extends Opened>(opening: Opening<T>): Sort<LateHandle<T>> {
  return {
    open: () => new LateHandle(opening),
    watch: (handle, changed) => handle.watch(changed),
    isReady: ({ opened }) => opened !== undefined,
    isBusy: ({ opened, status }) =>
      status !== "closed" && opened !== undefined && opening.isBusy?.(opened) === true,
  };
}
