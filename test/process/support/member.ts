import WebSocket from "ws";
import { PING } from "../../../src/protocol/client-frame.ts";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import { type Frame, framesIn } from "./frame.ts";
import { until } from "./until.ts";

const OPTIONS = {
  handshakeTimeout: 5_000,
  /**
   * workerd sends the close when its turn comes, and ends the TCP connection only once the room is
   * idle: a client has no reason to wait for that.
   */
  closeTimeout: 200,
  // Or what is not read shrinks to what the kernel's buffers hold.
  perMessageDeflate: false,
};

type State =
  | { readonly name: "away" }
  | { readonly name: "connected"; readonly socket: WebSocket }
  | { readonly name: "closed"; readonly code: number };

/** Someone in a room who writes without asking back, and may stop reading. */
export class Member {
  readonly userId: string;
  /** `seq` of every message, as it came. */
  readonly seqs: number[] = [];
  /** How long each message that tells when it was sent took to come here, in milliseconds. */
  readonly delays: number[] = [];
  readonly #url: string;
  readonly #answersMarks: boolean;
  readonly #counts = new Map<string, number>();
  /** What it has seen of the log; `undefined` before it was ever in. */
  #cursor: { readonly epoch: string; readonly seq: number } | undefined;
  #state: State = { name: "away" };

  /** @param answersMarks whether it answers marks (P3.11), as clients do since release 0.3.0. */
  constructor(port: number, room: string, userId: string, answersMarks = false) {
    this.userId = userId;
    this.#answersMarks = answersMarks;
    this.#url = `ws://127.0.0.1:${port}/v1/rooms/${room}/ws?history=0`;
  }

  /** The code that the last connection was closed with; `undefined` as long as it is not. */
  get code(): number | undefined {
    return this.#state.name === "closed" ? this.#state.code : undefined;
  }

  /** How many frames of a type came. */
  count(type: string): number {
    return this.#counts.get(type) ?? 0;
  }

  /** Comes in, or back with the cursor; resolves with `joined_room`. */
  async join(): Promise<void> {
    const { epoch = "", seq = 0 } = this.#cursor ?? {};
    const cursor = this.#cursor === undefined ? "" : `&since=${seq}&epoch=${epoch}`;
    const token = tokenFor(this.userId, SECRETS.AUTH_SECRET);
    const socket = new WebSocket(
      `${this.#url}${cursor}`,
      ["hibiki.v1.json", `bearer.${token}`],
      OPTIONS,
    );
    this.#state = { name: "connected", socket };
    socket.on("error", () => {});
    socket.on("close", (code) => {
      this.#state = { name: "closed", code };
    });
    socket.on("message", (data) => {
      for (const frame of framesIn(data)) this.#take(frame);
    });
    const before = this.count("joined_room");
    await until(
      () => this.count("joined_room") > before || this.code !== undefined,
      () => `${this.userId} was not let in`,
    );
    if (this.code !== undefined) throw new Error(`${this.userId} was closed with ${this.code}`);
  }

  /** How often it came in. */
  get joins(): number {
    return this.count("joined_room");
  }

  /** Shows life, if it is in. */
  ping(): void {
    if (this.#state.name === "connected" && this.#state.socket.readyState === WebSocket.OPEN) {
      this.#state.socket.send(PING);
    }
  }

  /** Sends one frame. */
  send(frame: object): void {
    this.#connected().send(JSON.stringify(frame));
  }

  /** Reads nothing more until {@link resume}. */
  pause(): void {
    this.#connected().pause();
  }

  /** Reads on. */
  resume(): void {
    this.#connected().resume();
  }

  /** Goes without a word. */
  leave(): void {
    if (this.#state.name === "connected") this.#state.socket.terminate();
  }

  /** Resolves once it has seen the log up to `seq`. */
  reaches(seq: number, withinMs: number): Promise<void> {
    return until(
      () => (this.seqs.at(-1) ?? 0) >= seq,
      () => `${this.userId} at ${seq}, stands at ${this.seqs.at(-1)}`,
      withinMs,
    );
  }

  #connected(): WebSocket {
    if (this.#state.name !== "connected") throw new Error(`${this.userId} is ${this.#state.name}`);
    return this.#state.socket;
  }

  #take({ type, seq, payload }: Frame): void {
    this.#counts.set(type, this.count(type) + 1);
    if (type === "mark" && this.#answersMarks) this.send({ type: "read_mark", payload });
    if (type === "joined_room" && payload.recovered !== true) {
      this.#cursor = { epoch: payload.epoch ?? "", seq: payload.seq ?? 0 };
    }
    if (seq === undefined) return;
    if (this.#cursor !== undefined) this.#cursor = { ...this.#cursor, seq };
    if (type !== "new_message") return;
    this.seqs.push(seq);
    const sentAt = Number(payload.content?.split(" ")[0]);
    if (Number.isFinite(sentAt)) this.delays.push(performance.now() - sentAt);
  }
}
