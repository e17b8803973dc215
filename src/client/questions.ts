import type { Json } from "../protocol/json.ts";
import { type Deadline, within } from "./deadline.ts";
import { type Deferred, deferred } from "./deferred.ts";
import type { Cancel, Environment } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import { field } from "./frame-shape.ts";

/** How long an answer may take, connection and all, in milliseconds. */
const ANSWER_MS = 15_000;
/** How long what the quota has no room for waits, in milliseconds. */
const REST_MS = 1_000;

/** A query on its way. */
export interface Question {
  readonly messageId: string;
  readonly name: string;
  readonly input: Json;
}

interface Asked extends Question {
  readonly answer: Deferred<unknown>;
  /** Whether it went out on this connection. */
  isSaid: boolean;
}

/** Queries that wait for their answers: they change nothing, and are asked again on each connection. */
export class Questions {
  readonly #environment: Environment;
  readonly #say: (question: Question) => boolean;
  readonly #asked = new Map<string, Asked>();
  /** Set while some wait for the quota: one timer for all of them. */
  #resting: Cancel | undefined;
  #closed: RealtimeError | undefined;

  /** @param say asks the room, if there is a connection; `false` when the quota has no room for it. */
  constructor(environment: Environment, say: (question: Question) => boolean) {
    this.#environment = environment;
    this.#say = say;
  }

  /** Asks, and waits for the answer. */
  ask(name: string, input: Json, deadline: Deadline): Promise<unknown> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const messageId = this.#environment.randomUUID();
    const asked = { messageId, name, input, answer: deferred<unknown>(), isSaid: false };
    this.#asked.set(messageId, asked);
    this.#sayAll();
    const whole = { timeoutMs: ANSWER_MS, ...deadline };
    return within(this.#environment, asked.answer.promise, whole, (code, cause) =>
      RealtimeError.local(code, "The query was not answered in time.", { cause }),
    ).finally(() => this.#asked.delete(messageId));
  }

  /** There is a connection: what waits is asked, again perhaps. */
  repeat(): void {
    for (const asked of this.#asked.values()) asked.isSaid = false;
    this.#sayAll();
  }

  /** An answer as it came, or the acknowledgement that refuses it. */
  answered(messageId: string | undefined, said: unknown): void {
    const asked = this.#asked.get(messageId ?? "");
    if (asked === undefined) return;
    const error = field(said, "error");
    if (error === undefined) asked.answer.resolve(field(said, "output"));
    // Its shape was checked as it came in.
    else this.failed(asked, RealtimeError.refused(error as never));
  }

  /** It cannot be asked. */
  failed({ messageId }: Question, error: Error): void {
    this.#asked.get(messageId)?.answer.reject(error);
  }

  /** The room is closed for good. */
  close(): void {
    this.#closed = RealtimeError.local("disconnected", "The room is closed.");
    this.#resting?.();
    for (const { answer } of this.#asked.values()) answer.reject(this.#closed);
  }

  /** Those that were not said yet, in order, as far as the quota goes. */
  #sayAll(): void {
    for (const asked of this.#asked.values()) {
      asked.isSaid ||= this.#say(asked);
      if (asked.isSaid) continue;
      this.#rest();
      return;
    }
  }

  #rest(): void {
    this.#resting ??= this.#environment.after(REST_MS, () => {
      this.#resting = undefined;
      this.#sayAll();
    });
  }
}
