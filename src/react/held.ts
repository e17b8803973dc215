import type { RoomStatus, StatusReason } from "../client/index.ts";

/** How long a room is kept after its last component went, in milliseconds: another may come at once. */
const LINGER_MS = 1_000;
/** How long one is kept that nobody has seen ready yet, or in which something waits to be stored. */
const PATIENCE_MS = 30_000;

/** A handle of whatever the client enters, as far as holding it goes. */
export interface Handle {
  readonly status: RoomStatus;
  readonly reason: StatusReason | undefined;
  leave(): Promise<void>;
}

/** How one sort of handle is opened and watched. */
export interface Sort<H extends Handle> {
  open(): H;
  /** Calls whenever something that components read may have changed. */
  watch(handle: H, changed: () => void): void;
  /** Whether it can be shown: something is known of the room. */
  isReady(handle: H): boolean;
  /** Whether leaving it would lose what was sent. */
  isBusy(handle: H): boolean;
}

/**
 * A handle that components share, from the first that looks at it until a moment after the last one
 * went. Components that are rendered and never mounted, as React may do, hold nothing.
 */
export class Held<H extends Handle> {
  readonly handle: H;
  /** Resolves when it can be shown, or was left. */
  readonly ready: Promise<void>;
  readonly #sort: Sort<H>;
  readonly #left: () => void;
  readonly #listeners = new Set<() => void>();
  #isReady = false;
  #wasHeld = false;
  #resolve: () => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isPatient = true;

  /** @param left it is held no more: who looks for it opens another. */
  constructor(sort: Sort<H>, left: () => void) {
    this.#sort = sort;
    this.#left = left;
    this.handle = sort.open();
    this.ready = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    sort.watch(this.handle, () => this.#changed());
    this.#changed();
  }

  /**
   * Whether it is closed for good and those who held it have gone: who comes next opens another. One
   * that nobody has held yet is still to tell those who wait for it why it is closed.
   */
  get isOver(): boolean {
    return this.#wasHeld && !this.#isHeld && this.handle.status === "closed";
  }

  /** Whether any component that is mounted holds it. */
  get #isHeld(): boolean {
    return this.#listeners.size > 0;
  }

  /** A component looks at it, and is perhaps mounted soon. */
  touch(): void {
    if (!this.#isHeld) this.#linger();
  }

  /** A mounted component holds it, until the function returned is called. */
  hold(changed: () => void): () => void {
    // Each by itself: two components may be told by one function.
    const listener = () => changed();
    this.#listeners.add(listener);
    this.#wasHeld = true;
    clearTimeout(this.#timer);
    return () => {
      this.#listeners.delete(listener);
      this.touch();
    };
  }

  #changed(): void {
    const { handle } = this;
    if (!this.#isReady && (this.#sort.isReady(handle) || handle.status === "closed")) {
      this.#isReady = true;
      this.#resolve();
      // Whoever waited for it is about to look at it again, if it is still there.
      this.touch();
    }
    for (const listener of [...this.#listeners]) listener();
  }

  #linger(): void {
    clearTimeout(this.#timer);
    this.#isPatient = true;
    this.#timer = setTimeout(() => this.#look(), this.#isReady ? LINGER_MS : PATIENCE_MS);
  }

  #look(): void {
    if (this.#isPatient && this.#sort.isBusy(this.handle)) {
      this.#isPatient = false;
      this.#timer = setTimeout(() => this.#look(), PATIENCE_MS);
      return;
    }
    this.#left();
    this.#resolve();
    void this.handle.leave();
  }
}
