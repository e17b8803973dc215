import type { ClientFrame } from "../protocol/client-frame.ts";
import type { Refusal } from "../protocol/error.ts";
import type { Ack } from "../protocol/server-frame.ts";
import type { Environment } from "./environment.ts";
import type { IncomingFrame } from "./frame-reader.ts";
import { type FrameRequest, frameRequest } from "./frame-request.ts";
import { field } from "./frame-shape.ts";
import { type Answer, ask, refusalIn } from "./http.ts";

/** How long the server may take for one frame, in milliseconds. */
const ANSWER_MS = 10_000;
/** Frames that may wait for their turn; what is not stored may be lost, and beyond this it is. */
const WAITING_MAX = 100;

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

/**
 * Says frames over HTTP, one after the other, as a socket keeps them in order. What stays without
 * an answer of Hibiki's is answered by nothing here either: the outbox sends it again.
 */
export class HttpSender {
  readonly #options: HttpSenderOptions;
  /** By messageId: one that is sent again while it still waits here would only be a duplicate. */
  readonly #waiting = new Set<string>();
  #count = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(options: HttpSenderOptions) {
    this.#options = options;
  }

  /** Resolves when everything that was said so far has been answered, or given up. */
  get idle(): Promise<void> {
    return this.#tail;
  }

  /** Says a frame, if HTTP has a way to. */
  say(frame: ClientFrame): void {
    const request = frameRequest(frame);
    const messageId = "messageId" in frame ? frame.messageId : undefined;
    if (request === undefined || this.#isSurplus(messageId)) return;
    if (messageId !== undefined) this.#waiting.add(messageId);
    this.#count += 1;
    this.#tail = this.#tail.then(async () => {
      await this.#transmit(request, messageId);
      if (messageId !== undefined) this.#waiting.delete(messageId);
      this.#count -= 1;
    });
  }

  #isSurplus(messageId: string | undefined): boolean {
    return messageId === undefined ? this.#count >= WAITING_MAX : this.#waiting.has(messageId);
  }

  async #transmit(request: FrameRequest, messageId: string | undefined): Promise<void> {
    const { environment, urlOf, token } = this.#options;
    const question = { ...request, url: urlOf(request.path), token: token(), withinMs: ANSWER_MS };
    const answer = await ask(environment, question).catch(() => undefined);
    if (answer !== undefined) this.#take(answer, messageId);
  }

  #take({ status, body }: Answer, messageId: string | undefined): void {
    const { unauthorized } = this.#options;
    const refused = refusalIn(body);
    if (refused !== undefined && status === 401) unauthorized(refused);
    else if (refused !== undefined) this.#refused(refused, messageId);
    else if (messageId !== undefined) this.#saved(body, messageId);
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
    return new Date(this.#options.environment.now()).toISOString();
  }
}

const DUPLICATE = { duplicate: true } as const;
