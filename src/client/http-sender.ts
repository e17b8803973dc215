import type { ClientFrame } from "../protocol/client-frame.ts";
import type { Refusal } from "../protocol/error.ts";
import { hasOwn } from "../protocol/has-own.ts";
import { iso } from "../protocol/iso.ts";
import type { Ack } from "../protocol/server-frame.ts";
import type { Environment } from "./environment.ts";
import type { IncomingFrame } from "./frame-reader.ts";
import { type FrameRequest, frameRequest } from "./frame-request.ts";
import { field } from "./frame-shape.ts";
import { type Answer, ask, refusalIn } from "./http.ts";
import { pause } from "./pause.ts";

/** How long the server may take for one frame, in milliseconds. */
const ANSWER_MS = 10_000;
/** Frames that may wait for their turn; what is not stored may be lost, and beyond this it is. */
const WAITING_MAX = 100;

/** Nobody waits for a receipt to be acknowledged, so whoever sends it sees to it. */
const RECEIPT_TRIES = 3;
const RECEIPT_GAP_MS = 1_000;

/** What a sender needs. */
export interface HttpSenderOptions {
  readonly environment: Environment;
  /** Where a path below the room's own is. */
  readonly urlOf: (path: string) => string;
  readonly token: () => string;
  /** The server's answer, as the frame that a WebSocket would bring. */
  readonly answered: (frame: IncomingFrame) => void;
  /** The server takes nothing more with this token. */
  readonly unauthorized: (refusal: Refusal) => void;
}

/** What waits for its turn. */
interface Job {
  readonly request: FrameRequest;
  readonly messageId: string | undefined;
}

/**
 * Says frames over HTTP, one after the other. What is stored goes before what may be lost, and of
 * values that conflate the newest of each event goes when nothing else waits: a line that is slower
 * than the quota brings them late by one answer, and no message later for it. What stays without an
 * answer of Hibiki's is answered by nothing here either: the outbox sends it again.
 */
export class HttpSender {
  readonly #options: HttpSenderOptions;
  /** By messageId: one that is sent again while it still waits here would only be a duplicate. */
  readonly #waiting = new Set<string>();
  readonly #durable: Job[] = [];
  readonly #ephemeral: Job[] = [];
  readonly #newest = new Map<string, Job>();
  #running: Promise<void> | undefined;

  constructor(options: HttpSenderOptions) {
    this.#options = options;
  }

  /** Resolves when everything that was said so far has been answered, or given up. */
  get idle(): Promise<void> {
    return this.#running ?? Promise.resolve();
  }

  /** Says a frame, if HTTP has a way to; `false` when too many wait of those that may be lost. */
  say(frame: ClientFrame): boolean {
    const request = frameRequest(frame);
    const messageId = "messageId" in frame ? frame.messageId : undefined;
    if (request === undefined || (messageId !== undefined && this.#waiting.has(messageId))) {
      return true;
    }
    const job = { request, messageId };
    if (messageId !== undefined) {
      this.#waiting.add(messageId);
      this.#durable.push(job);
    } else if (frame.type === "publish" && frame.payload.conflate === true) {
      this.#newest.set(frame.payload.event, job);
    } else {
      if (this.#ephemeral.length >= WAITING_MAX) return false;
      this.#ephemeral.push(job);
    }
    this.#running ??= this.#run();
    return true;
  }

  async #run(): Promise<void> {
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      await this.#transmit(job.request, job.messageId);
      if (job.messageId !== undefined) this.#waiting.delete(job.messageId);
    }
    this.#running = undefined;
  }

  #next(): Job | undefined {
    const job = this.#durable.shift() ?? this.#ephemeral.shift();
    const [newest] = this.#newest;
    if (job !== undefined || newest === undefined) return job;
    this.#newest.delete(newest[0]);
    return newest[1];
  }

  async #transmit(request: FrameRequest, messageId: string | undefined): Promise<void> {
    const { environment, urlOf, token } = this.#options;
    for (let left = request.isIdempotent === true ? RECEIPT_TRIES : 1; left > 0; left -= 1) {
      const whom = { url: urlOf(request.path), token: token(), withinMs: ANSWER_MS };
      const answer = await ask(environment, { ...request, ...whom }).catch(() => undefined);
      if (answer !== undefined && this.#take(answer, messageId)) return;
      if (left > 1) await pause(environment, RECEIPT_GAP_MS);
    }
  }

  /** `false` for what is no answer of Hibiki's, as a proxy gives when the server is away. */
  #take({ status, body }: Answer, messageId: string | undefined): boolean {
    const { unauthorized } = this.#options;
    const refused = refusalIn(body);
    if (refused !== undefined && hasOwn(ENDS, refused.code)) unauthorized(refused);
    else if (refused !== undefined) this.#refused(refused, messageId);
    else if (status >= 300) return false;
    else if (messageId !== undefined) this.#saved(body, messageId);
    return true;
  }

  #refused(error: Refusal, messageId: string | undefined): void {
    if (messageId !== undefined) this.#acknowledge(messageId, { success: false, error });
    else this.#options.answered({ type: "error", timestamp: this.#timestamp(), payload: error });
  }

  #saved(body: unknown, messageId: string): void {
    const savedId = field(body, "savedId");
    if (typeof savedId !== "number") return;
    const isDuplicate = field(body, "duplicate") === true;
    this.#acknowledge(messageId, { success: true, savedId, ...(isDuplicate && DUPLICATE) });
  }

  #acknowledge(messageId: string, payload: Ack): void {
    this.#options.answered({ type: "ack", messageId, timestamp: this.#timestamp(), payload });
  }

  #timestamp(): string {
    return iso(this.#options.environment.now());
  }
}

/** Not by its status: a rule may refuse with 401 too. */
const ENDS = { unauthorized: true, token_expired: true };
const DUPLICATE = { duplicate: true } as const;
