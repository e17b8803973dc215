import type { AnyContract } from "../../contract/contract.ts";
import type { Cursor } from "../../protocol/cursor.ts";
import type { Refusal } from "../../protocol/error.ts";
import { refusalSchema } from "../../protocol/error-schema.ts";
import { isGreeting } from "../../protocol/greeting.ts";
import { topicGreetingSchema } from "../../protocol/greeting-schema.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { PollPage } from "../../protocol/poll-page.ts";
import type { JoinedTopic } from "../../protocol/server-frame.ts";
import { publishedSchema } from "../../protocol/server-frame-schema.ts";
import type { TextFrame } from "../../protocol/unbundle.ts";
import { Reading } from "./reading.ts";
import { StateReading } from "./state-reading.ts";

/** Gathers the answer of one long poll from the frames of its inner connection. */
export class PollCollector {
  readonly #resumes: boolean;
  readonly #reading: Reading;
  readonly #events: string[] = [];
  #chars = 0;
  #refusal: Refusal | undefined;
  /** In a topic: the newest value of each event, those that the poll itself brings included. */
  #last: Map<string, JoinedTopic["last"][string]> | undefined;
  readonly #state: StateReading | undefined;

  /**
   * @param from the cursor that the poll brought.
   * @param contract of a room of one of a team's own kinds.
   */
  constructor(from: Cursor | undefined, contract?: AnyContract) {
    this.#resumes = from !== undefined;
    this.#reading = new Reading(from);
    this.#state = contract === undefined ? undefined : new StateReading(contract);
  }

  /** Takes the frames of one message. */
  take(frames: readonly TextFrame[]): void {
    for (const frame of frames) {
      // What is over the page's size comes with the next poll, and the cursor must not count it.
      if (this.#chars >= BOUNDS.pollPageChars) return;
      this.#reading.follow(frame);
      this.#follow(frame);
      this.#state?.follow(frame);
      // Neither is an event: what they say of the state stands beside those.
      if (isGreeting(frame.type) || frame.type === "state") continue;
      if (frame.type === "error") {
        this.#refusal = refusalSchema.parse(frame.payload);
        continue;
      }
      this.#events.push(frame.json);
      this.#chars += frame.json.length;
    }
  }

  /** Whether there is something to answer before the deadline. */
  get isDone(): boolean {
    if (this.#refusal !== undefined) return true;
    if (this.#reading.cursor === undefined) return false;
    if (this.#resumes && !this.#reading.recovered) return true;
    if (this.#chars >= BOUNDS.pollPageChars) return true;
    return this.#events.length > 0 && !this.#reading.isBehind;
  }

  /** Why the room ended the connection, unless there are events to tell first. */
  get refusal(): Refusal | undefined {
    return this.#events.length === 0 ? this.#refusal : undefined;
  }

  /** What there is; `undefined` before the greeting. */
  get page(): PollPage | undefined {
    const { cursor, recovered } = this.#reading;
    if (cursor === undefined) return undefined;
    const last = this.#last && Object.fromEntries(this.#last);
    const state = this.#state?.at(cursor.seq);
    return { ...cursor, recovered, events: this.#events, last, state };
  }

  #follow({ type, payload, json }: TextFrame): void {
    if (type === "joined_room") {
      const { last } = topicGreetingSchema.parse(payload);
      this.#last = last && new Map(Object.entries(last));
    } else if (type === "event" && this.#last !== undefined) {
      const { timestamp, payload: published } = publishedSchema.parse(JSON.parse(json));
      this.#last.set(published.event, { data: published.data, timestamp });
    }
  }
}
