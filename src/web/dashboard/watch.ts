import type { Topic } from "../../client/index.ts";
import type { Connection } from "../connection/connection.ts";
import { connectionOf } from "../connection/from-sdk.ts";
import { type Board, record } from "./state/board.ts";

/** What a watch needs of the SDK's topic. */
export type WatchedTopic = Pick<Topic, "on" | "leave">;

/** Watches a topic and remembers what it said, whether or not anybody looks. */
export class Watch {
  readonly #topic: WatchedTopic;
  readonly #unsubscribe: (() => void)[];
  readonly #listeners = new Set<() => void>();
  #connection: Connection = { state: "connecting" };
  #board: Board = new Map();
  /** Events of which something may have been missed since their last value. */
  readonly #missed = new Set<string>();

  constructor(topic: WatchedTopic) {
    this.#topic = topic;
    this.#unsubscribe = [
      topic.on("joined_room", ({ last }) => {
        for (const event of this.#board.keys()) this.#missed.add(event);
        for (const [event, { data, timestamp }] of Object.entries(last)) {
          this.#record(event, data, timestamp);
        }
        this.#tell();
      }),
      topic.on("event", ({ event, data }, { timestamp }) => {
        this.#record(event, data, timestamp);
        this.#tell();
      }),
      topic.on("reset", () => {
        this.#board = new Map();
        this.#tell();
      }),
      topic.on("status", (change) => {
        this.#connection = connectionOf(change, this.#connection, Date.now());
        this.#tell();
      }),
    ];
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** What was said so far. A new map whenever there is more. */
  get board(): Board {
    return this.#board;
  }

  /** Calls back after every change. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops watching. */
  async close(): Promise<void> {
    for (const off of this.#unsubscribe) off();
    await this.#topic.leave();
  }

  #record(event: string, data: Parameters<typeof record>[1]["data"], timestamp: string): void {
    const before = this.#board;
    this.#board = record(before, { event, data, timestamp, isAfterGap: this.#missed.has(event) });
    if (this.#board !== before) this.#missed.delete(event);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
