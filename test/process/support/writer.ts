import { pause } from "../../support/pause.ts";
import { SECRETS } from "../../support/server.ts";

/** The team's backend: writes messages into a room over HTTP, each until it is stored. */
export class Writer {
  readonly #url: string;
  /** How many are stored. */
  written = 0;

  constructor(server: string, room: string) {
    this.#url = `${server}/v1/rooms/${room}/messages?as=writer`;
  }

  /** Writes the next `count` messages, one after the other. */
  async write(count: number, content = "hello", pauseMs = 0): Promise<void> {
    for (let i = 0; i < count; i++) {
      await this.#store(`message-${this.written + 1}`, content);
      this.written += 1;
      if (pauseMs > 0) await pause(pauseMs);
    }
  }

  async #store(key: string, content: string): Promise<void> {
    for (;;) {
      const stored = await fetch(this.#url, {
        method: "POST",
        headers: { Authorization: `Bearer ${SECRETS.API_KEY}`, "Idempotency-Key": key },
        body: JSON.stringify({ content }),
      }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (stored) return;
      await pause(100);
    }
  }
}

/** Waits for a condition; fails after 30 seconds with what `seen` tells. */
export async function until(
  condition: () => boolean,
  seen: () => unknown = () => "",
): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Never came: ${JSON.stringify(seen())}`);
    await pause(10);
  }
}

/** 1 to `last`. */
export function seqsTo(last: number): readonly number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}
