import { pause } from "../../support/pause.ts";
import { Backend } from "./backend.ts";

const RETRY_MS = 100;

/** Writes messages into a room over HTTP, each until it is stored. */
export class Writer {
  readonly #backend: Backend;
  /** How many are stored. */
  written = 0;

  constructor(server: string, room: string) {
    this.#backend = new Backend(server, room);
  }

  /** Writes the next `count` messages, one after the other. */
  async write(count: number, content = "hello", pauseMs = 0): Promise<void> {
    for (let i = 0; i < count; i++) {
      while (!(await this.#isStored(`message-${this.written + 1}`, content))) await pause(RETRY_MS);
      this.written += 1;
      if (pauseMs > 0) await pause(pauseMs);
    }
  }

  #isStored(key: string, content: string): Promise<boolean> {
    return this.#backend.send("writer", key, content).then(
      ({ savedId }) => savedId !== undefined,
      () => false,
    );
  }
}
