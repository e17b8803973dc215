import { RAISED_LIMITS } from "../../../support/raised-limits.ts";
import { RoomScene, T0 } from "./scene.ts";

/** A message of 12 kB. */
export const LONG = "響".repeat(4_000);
/** Bytes of it. */
export const BYTES = LONG.length * 3;
/** Every so often a message, in milliseconds. */
export const EVERY_MS = 10;

/** A room in which ada, who reads, talks without an end. */
export class Talk {
  readonly scene: RoomScene;
  now = T0;
  #messages = 0;

  constructor(vars: Readonly<Record<string, string>> = {}) {
    this.scene = new RoomScene("general", { ...RAISED_LIMITS, ...vars });
    this.scene.join("ada");
    this.scene.reading.add("ada");
  }

  /** Goes on until everybody was sent about so many bytes more. */
  tell(bytes: number, meanwhile = () => {}): void {
    for (let sent = 0; sent < bytes; sent += BYTES) {
      this.now += EVERY_MS;
      this.#messages += 1;
      const payload = { content: LONG };
      const messageId = `m${this.#messages}`;
      this.scene.hear("ada", { type: "send_message", messageId, payload }, this.now);
      this.scene.flush(this.now);
      meanwhile();
    }
  }

  /** Shows life for them. */
  ping(ids: readonly string[]): void {
    for (const id of ids) this.scene.sockets.pings.set(id, this.now);
  }

  /** Answers the newest mark that somebody was sent. */
  answer(connection: string): void {
    const id = this.scene.sockets.marks.get(connection);
    this.scene.hear(connection, { type: "read_mark", payload: { id } }, this.now);
  }

  marks(connection: string): readonly unknown[] {
    return this.scene.sockets.payloads(connection, "mark").map(({ id }) => id);
  }

  get closed(): readonly string[] {
    return [...this.scene.sockets.closes.keys()].sort();
  }
}

/** As many names. */
export const named = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name}-${i}`);
