import WebSocket from "ws";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import type { Books } from "./books.ts";
import { Fold } from "./fold.ts";
import { type Frame, framesIn } from "./frame.ts";
import { until } from "./until.ts";

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
const RECONNECT_MS = 25;
/** A test that waits longer for anything has found something. */
const PATIENCE_MS = 60_000;

type Connection =
  | { readonly state: "away" | "gone" }
  | { readonly state: "connecting" | "joined"; readonly socket: WebSocket };

interface Pending {
  readonly operation: Operation;
  state: "waiting" | "sent" | "refused";
  tries: number;
  /** Tries whose answer was lost with the connection: only after one may it be stored already. */
  unanswered: number;
}

/**
 * A client of the contract that does not give up: comes back with its cursor whenever the connection
 * ends, and sends what was not answered again under the same messageId, in order.
 */
export class Person implements Books {
  readonly userId: string;
  readonly fold = new Fold();
  readonly acked = new Map<string, number>();
  readonly operations = new Map<string, Operation>();
  /** Refusals that are final, by messageId. */
  readonly refused = new Map<string, string>();
  /** Codes of refusals that say to send again, and of closes, each with its count. */
  readonly setbacks = new Map<string, number>();
  readonly faults: string[] = [];
  resent = 0;
  duplicates = 0;
  recoveries = 0;
  readonly #options: PersonOptions;
  readonly #pending = new Map<string, Pending>();
  #epoch: string | undefined;
  #connection: Connection = { state: "away" };
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PersonOptions) {
    this.#options = options;
    this.userId = options.userId;
  }

  get seen(): ReadonlyMap<number, string> {
    return this.fold.messageIds;
  }

  /** Connects; resolves once it is in. Whoever joins after something was said folds less than others. */
  async join(): Promise<void> {
    this.#connect();
    await this.#when(() => this.#connection.state === "joined");
  }

  /** Begins to work. */
  work(): void {
    this.#timer = setInterval(() => this.#begin(), this.#options.paceMs);
  }

  /** Begins nothing new; resolves when everything is answered. */
  async finish(): Promise<void> {
    clearInterval(this.#timer);
    await this.#when(() => this.#pending.size === 0);
  }

  /** Resolves once it has seen the log up to `seq`. */
  reaches(seq: number): Promise<void> {
    return this.#when(() => this.fold.head >= seq && this.#connection.state === "joined", seq);
  }

  /** Leaves without a word. */
  stop(): void {
    clearInterval(this.#timer);
    const before = this.#connection;
    this.#connection = { state: "gone" };
    if ("socket" in before) before.socket.terminate();
  }

  #begin(): void {
    if (this.#pending.size >= WINDOW) return;
    const operation = this.#options.next(this);
    if (operation === undefined) return;
    const { messageId } = operation;
    this.operations.set(messageId, operation);
    this.#pending.set(messageId, { operation, state: "waiting", tries: 0, unanswered: 0 });
    this.#pump();
  }

  #pump(): void {
    if (this.#connection.state !== "joined") return;
    for (const pending of this.#pending.values()) {
      if (pending.state !== "waiting") continue;
      if (pending.tries > 0) this.resent += 1;
      pending.state = "sent";
      pending.tries += 1;
      this.#connection.socket.send(JSON.stringify(pending.operation));
    }
  }

  #connect(): void {
    if (this.#connection.state === "gone") return;
    const { port, room, userId } = this.#options;
    const cursor = this.#epoch === undefined ? "" : `&since=${this.fold.head}&epoch=${this.#epoch}`;
    const socket = new WebSocket(
      `ws://127.0.0.1:${port}/v1/rooms/${room}/ws?history=0${cursor}`,
      ["hibiki.v1.json", `bearer.${tokenFor(userId, SECRETS.AUTH_SECRET)}`],
      { handshakeTimeout: 2_000 },
    );
    this.#connection = { state: "connecting", socket };
    socket.on("error", () => {});
    socket.on("close", (code) => {
      if (!this.#isOn(socket)) return;
      this.#connection = { state: "away" };
      this.#count(`close ${code}`);
      setTimeout(() => this.#connect(), RECONNECT_MS);
    });
    socket.on("message", (data) => {
      if (!this.#isOn(socket)) return;
      for (const frame of framesIn(data)) this.#take(frame, socket);
    });
  }

  #isOn(socket: WebSocket): boolean {
    return "socket" in this.#connection && this.#connection.socket === socket;
  }

  #take(frame: Frame, socket: WebSocket): void {
    if (frame.type === "joined_room") this.#joined(frame.payload, socket);
    else if (frame.type === "ack") this.#answered(frame.messageId ?? "", frame.payload);
    else if (frame.type === "error") this.#count(frame.payload.code ?? "");
    else if (frame.seq !== undefined) {
      const fault = this.fold.take(frame);
      if (fault !== undefined) this.#fault(fault);
    }
  }

  #joined({ epoch = "", recovered, seq = 0 }: Frame["payload"], socket: WebSocket): void {
    if (this.#epoch !== undefined && this.#epoch !== epoch) this.#fault("the epoch changed");
    if (this.#epoch !== undefined && recovered !== true) {
      this.#fault(`not recovered from ${this.fold.head} at ${seq}`);
    }
    if (recovered === true) this.recoveries += 1;
    else this.fold.head = seq;
    this.#epoch = epoch;
    this.#connection = { state: "joined", socket };
    for (const pending of this.#pending.values()) {
      if (pending.state === "sent") pending.unanswered += 1;
      pending.state = "waiting";
    }
    this.#pump();
  }

  #answered(messageId: string, answer: Frame["payload"]): void {
    const { success, savedId = 0, duplicate, error } = answer;
    const pending = this.#pending.get(messageId);
    if (success !== true) {
      const code = error?.code ?? "";
      if (error?.retryable === true) {
        this.#count(code);
        this.#tryLater(pending);
      } else {
        this.refused.set(messageId, code);
        this.#pending.delete(messageId);
      }
      return;
    }
    if (duplicate === true) {
      this.duplicates += 1;
      if (pending?.unanswered === 0) {
        this.#fault(`${messageId} is a duplicate, though each of its tries before was refused`);
      }
    }
    const before = this.acked.get(messageId);
    if (before !== undefined && before !== savedId) {
      this.#fault(`${messageId} was ${before}, is ${savedId}`);
    }
    this.acked.set(messageId, savedId);
    this.#pending.delete(messageId);
  }

  #tryLater(pending: Pending | undefined): void {
    if (pending === undefined) return;
    pending.state = "refused";
    setTimeout(() => {
      if (pending.state !== "refused") return;
      pending.state = "waiting";
      this.#pump();
    }, RETRY_MS);
  }

  #count(what: string): void {
    this.setbacks.set(what, (this.setbacks.get(what) ?? 0) + 1);
  }

  #fault(what: string): void {
    this.faults.push(`${this.userId}: ${what}`);
  }

  #when(condition: () => boolean, wanted?: number): Promise<void> {
    const seen = () => ({
      userId: this.userId,
      connection: this.#connection.state,
      head: this.fold.head,
      wanted,
      unanswered: [...this.#pending.values()],
      setbacks: [...this.setbacks],
    });
    return until(condition, seen, PATIENCE_MS);
  }
}
