import WebSocket from "ws";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import { Fold } from "./fold.ts";
import { type Frame, framesIn } from "./frame.ts";

/** A durable frame to be sent until it is answered. */
export interface Operation {
  readonly messageId: string;
  readonly type: "send_message" | "edit_message" | "delete_message" | "react";
  readonly payload: Readonly<Record<string, unknown>>;
}

/** How a person behaves. */
export interface PersonOptions {
  readonly port: number;
  readonly room: string;
  readonly userId: string;
  /** What to do next; `undefined` for nothing. */
  readonly next: (person: Person) => Operation | undefined;
  /** Between two new operations, in milliseconds. */
  readonly paceMs: number;
}

/** Operations that may wait for their answer at once. */
const WINDOW = 8;
const RETRY_MS = 100;

/**
 * A client of the contract that does not give up: comes back with its cursor whenever the connection
 * ends, and sends what was not answered again under the same messageId, in order.
 */
export class Person {
  readonly userId: string;
  readonly fold = new Fold();
  /** The `savedId` of each messageId, as first answered. */
  readonly acked = new Map<string, number>();
  /** Every operation by messageId. */
  readonly operations = new Map<string, Operation>();
  /** Refusals that are final, by messageId. */
  readonly refused = new Map<string, string>();
  /** Codes of refusals that say to send again, and of closes, each with its count. */
  readonly setbacks = new Map<string, number>();
  /** What breaks a promise. */
  readonly faults: string[] = [];
  resent = 0;
  duplicates = 0;
  recoveries = 0;
  readonly #options: PersonOptions;
  readonly #pending = new Map<string, { operation: Operation; sent: boolean; tries: number }>();
  #epoch = "";
  #socket: WebSocket | undefined;
  #joined = false;
  #state: "working" | "finishing" | "stopped" = "working";
  #timer: NodeJS.Timeout | undefined;
  #settled: (() => void)[] = [];

  constructor(options: PersonOptions) {
    this.#options = options;
    this.userId = options.userId;
  }

  /** Connects and begins to work; resolves once it is in. */
  async start(): Promise<void> {
    this.#connect();
    await this.#when(() => this.#joined);
    this.#timer = setInterval(() => this.#work(), this.#options.paceMs);
  }

  /** Begins nothing new; resolves when everything is answered. */
  async finish(): Promise<void> {
    if (this.#state === "working") this.#state = "finishing";
    await this.#when(() => this.#pending.size === 0);
  }

  /** Resolves once it has seen the log up to `seq`. */
  reaches(seq: number): Promise<void> {
    return this.#when(() => this.fold.head >= seq && this.#joined);
  }

  /** Leaves without a word. */
  stop(): void {
    this.#state = "stopped";
    clearInterval(this.#timer);
    this.#socket?.terminate();
  }

  #work(): void {
    if (this.#state === "working" && this.#pending.size < WINDOW) {
      const operation = this.#options.next(this);
      if (operation !== undefined) {
        this.operations.set(operation.messageId, operation);
        this.#pending.set(operation.messageId, { operation, sent: false, tries: 0 });
      }
    }
    this.#pump();
  }

  #pump(): void {
    if (!this.#joined) return;
    for (const pending of this.#pending.values()) {
      if (pending.sent) continue;
      if (pending.tries > 0) this.resent += 1;
      pending.sent = true;
      pending.tries += 1;
      this.#socket?.send(JSON.stringify(pending.operation));
    }
  }

  #connect(): void {
    const { port, room, userId } = this.#options;
    const cursor = this.#epoch === "" ? "" : `&since=${this.fold.head}&epoch=${this.#epoch}`;
    const socket = new WebSocket(
      `ws://127.0.0.1:${port}/v1/rooms/${room}/ws?history=0${cursor}`,
      ["hibiki.v1.json", `bearer.${tokenFor(userId, SECRETS.AUTH_SECRET)}`],
      { handshakeTimeout: 2_000 },
    );
    this.#socket = socket;
    this.#joined = false;
    socket.on("error", () => {});
    socket.on("close", (code) => {
      if (socket !== this.#socket) return;
      this.#joined = false;
      this.#count(`close ${code}`);
      if (this.#state !== "stopped") setTimeout(() => this.#connect(), RETRY_MS / 4);
    });
    socket.on("message", (data) => {
      if (socket !== this.#socket) return;
      for (const frame of framesIn(data)) this.#take(frame);
      this.#look();
    });
  }

  #take(frame: Frame): void {
    if (frame.type === "joined_room") this.#join(frame.payload);
    else if (frame.type === "ack") this.#answered(frame.messageId ?? "", frame.payload);
    else if (frame.type === "error") this.#count(frame.payload.code ?? "");
    else if (frame.seq !== undefined) {
      const fault = this.fold.take(frame);
      if (fault !== undefined) this.faults.push(`${this.userId}: ${fault}`);
    }
  }

  #join({ epoch = "", recovered, seq }: Frame["payload"]): void {
    if (this.#epoch !== "" && this.#epoch !== epoch) {
      this.faults.push(`${this.userId}: the epoch changed`);
    }
    if (this.#epoch !== "" && recovered !== true) {
      this.faults.push(`${this.userId}: not recovered from ${this.fold.head} at ${seq}`);
    }
    if (recovered === true) this.recoveries += 1;
    else this.fold.head = seq ?? 0;
    this.#epoch = epoch;
    this.#joined = true;
    for (const pending of this.#pending.values()) pending.sent = false;
    this.#pump();
  }

  #answered(messageId: string, answer: Frame["payload"]): void {
    const { success, savedId = 0, duplicate, error } = answer;
    if (success !== true) {
      const code = error?.code ?? "";
      if (error?.retryable === true) {
        this.#count(code);
        setTimeout(() => this.#again(messageId), RETRY_MS);
      } else {
        this.refused.set(messageId, code);
        this.#pending.delete(messageId);
      }
      return;
    }
    if (duplicate === true) this.duplicates += 1;
    const before = this.acked.get(messageId);
    if (before !== undefined && before !== savedId) {
      this.faults.push(`${messageId} was ${before}, is ${savedId}`);
    }
    this.acked.set(messageId, savedId);
    this.#pending.delete(messageId);
  }

  #again(messageId: string): void {
    const pending = this.#pending.get(messageId);
    if (pending === undefined) return;
    pending.sent = false;
    this.#pump();
  }

  #count(what: string): void {
    this.setbacks.set(what, (this.setbacks.get(what) ?? 0) + 1);
  }

  #when(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (condition()) resolve();
        else this.#settled.push(look);
      };
      look();
    });
  }

  #look(): void {
    const waiting = this.#settled;
    this.#settled = [];
    for (const look of waiting) look();
  }
}
