import type { Publish } from "../protocol/frames/publish.ts";
import type { IncomingFrame } from "./frame-reader.ts";

/** Longer than an echo takes; after that, the same from another of the user's tabs is news. */
const ECHO_MS = 10_000;

/**
 * Keeps a publisher from hearing itself. The room leaves out the connection that something was
 * published on, but what comes over HTTP comes on none.
 */
export class EchoFilter {
  readonly #now: () => number;
  #userId: string | undefined;
  #expected: readonly { readonly key: string; readonly until: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Something is published. */
  published({ event, data }: Publish): void {
    this.#expected = [...this.#living(), { key: keyOf(event, data), until: this.#now() + ECHO_MS }];
  }

  /** Whether the application should see this. */
  passes(frame: IncomingFrame): boolean {
    if (frame.type === "joined_room") this.#userId = frame.payload.userId;
    if (frame.type !== "event" || frame.payload.userId !== this.#userId) return true;
    const key = keyOf(frame.payload.event, frame.payload.data);
    const living = this.#living();
    const index = living.findIndex((echo) => echo.key === key);
    this.#expected = living.filter((_, place) => place !== index);
    return index === -1;
  }

  #living() {
    const now = this.#now();
    return this.#expected.filter(({ until }) => until > now);
  }
}

function keyOf(event: string, data: unknown): string {
  return JSON.stringify([event, data]);
}
