import WebSocket from "ws";
import { type Frame, framesIn } from "./frame.ts";
import { until } from "./until.ts";

/** A stored event as a reader saw it. */
export interface Seen {
  readonly seq: number;
  readonly messageId: string;
}

/**
 * A client of the contract and of nothing else: sends in order with a window, sends again what was
 * not acknowledged under the same messageId, and resumes from the last seq it saw.
 */
export class Sender {
  readonly seen: Seen[] = [];
  /** The `savedId` of each messageId that was acknowledged, as first answered. */
  readonly acked = new Map<string, number>();
  resent = 0;
  duplicates = 0;
  recoveries = 0;
  /** Answers that contradict an earlier one. */
  readonly contradictions: string[] = [];
  readonly #open: () => WebSocket;
  readonly #queue: string[];
  readonly #sent = new Set<string>();
  readonly #window: number;
  #inFlight = 0;
  #epoch = "";
  #socket: WebSocket | undefined;

  constructor(url: string, token: string, messageIds: readonly string[], window = 10) {
    this.#queue = [...messageIds];
    this.#window = window;
    this.#open = () => {
      const cursor = this.#epoch === "" ? "" : `?since=${this.head}&epoch=${this.#epoch}`;
      return new WebSocket(`${url}${cursor}`, ["hibiki.v1.json", `bearer.${token}`]);
    };
  }

  /** `seq` of the last event seen. */
  get head(): number {
    return this.seen.at(-1)?.seq ?? 0;
  }

  get isDone(): boolean {
    return this.#queue.every((messageId) => this.acked.has(messageId));
  }

  /** Connects; resolves with `joined_room`. */
  async connect(): Promise<void> {
    const socket = this.#open();
    let joined = false;
    this.#socket = socket;
    this.#inFlight = 0;
    socket.on("error", () => {});
    socket.on("message", (data) => {
      if (socket !== this.#socket) return;
      for (const frame of framesIn(data)) {
        this.#take(frame);
        joined ||= frame.type === "joined_room";
      }
    });
    await until(
      () => joined,
      () => `a joined_room, at ${this.head}`,
    );
  }

  /** Drops the connection without a word. */
  drop(): void {
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  #take(frame: Frame): void {
    if (frame.type === "joined_room") {
      this.#epoch = frame.payload.epoch ?? "";
      if (frame.payload.recovered === true) this.recoveries += 1;
      this.#pump();
    } else if (frame.type === "new_message") {
      this.seen.push({ seq: frame.seq ?? 0, messageId: frame.payload.messageId ?? "" });
    } else if (frame.type === "ack") {
      this.#inFlight -= 1;
      this.#settle(frame.messageId ?? "", frame.payload);
      this.#pump();
    }
  }

  #settle(messageId: string, answer: Frame["payload"]): void {
    const { success, savedId = 0, duplicate } = answer;
    if (success !== true) {
      this.contradictions.push(`${messageId} was refused`);
      return;
    }
    if (duplicate === true) this.duplicates += 1;
    const before = this.acked.get(messageId);
    if (before !== undefined && before !== savedId) {
      this.contradictions.push(`${messageId} was ${before}, is ${savedId}`);
    }
    this.acked.set(messageId, savedId);
  }

  #pump(): void {
    const unsettled = this.#queue.filter((messageId) => !this.acked.has(messageId));
    for (const messageId of unsettled.slice(this.#inFlight, this.#window)) {
      if (this.#sent.has(messageId)) this.resent += 1;
      this.#sent.add(messageId);
      this.#inFlight += 1;
      const frame = { type: "send_message", messageId, payload: { content: `I am ${messageId}` } };
      this.#socket?.send(JSON.stringify(frame));
    }
  }
}
