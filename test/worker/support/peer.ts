import { decode, encode } from "@msgpack/msgpack";
import { openSocket, type PeerOptions } from "./open-socket.ts";

export type { PeerOptions };

/** A frame as tests look at it. */
export interface Seen {
  readonly type: string;
  readonly seq?: number;
  readonly messageId?: string;
  readonly timestamp?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests assert on payloads of every type
  readonly payload: any;
}

/** A client of one room, over the real Worker and the real object. */
export class Peer {
  readonly socket: WebSocket;
  readonly wire: "json" | "msgpack" | "plain";
  /** Every frame so far, batches unpacked. */
  readonly frames: Seen[] = [];
  /** WebSocket messages as they came. */
  readonly raw: (string | ArrayBuffer)[] = [];
  closed: { code: number; reason: string } | undefined;
  #wake: () => void = () => {};

  private constructor(socket: WebSocket, wire: Peer["wire"]) {
    this.socket = socket;
    this.wire = wire;
    socket.addEventListener("message", ({ data }) => this.#receive(data as string | ArrayBuffer));
    socket.addEventListener("close", ({ code, reason }) => {
      this.closed = { code, reason };
      this.#wake();
    });
    socket.accept();
  }

  /** Connects and waits for the first frame, whatever it is. */
  static async connect(room: string, user: string, options: PeerOptions = {}): Promise<Peer> {
    const socket = await openSocket(`/v1/rooms/${room}/ws`, user, options);
    const peer = new Peer(socket, options.wire ?? "json");
    await peer.until((frames) => frames.length > 0);
    return peer;
  }

  get joined(): Seen["payload"] {
    return this.frames.find(({ type }) => type === "joined_room")?.payload;
  }

  /** Payloads of the frames of one type. */
  of(type: string): Seen["payload"][] {
    return this.frames.filter((frame) => frame.type === type).map(({ payload }) => payload);
  }

  send(frame: object): void {
    this.socket.send(this.wire === "msgpack" ? encode(frame) : JSON.stringify(frame));
  }

  /** Sends a durable frame and waits for its ack. */
  async ask(
    type: string,
    payload: object,
    messageId: string = crypto.randomUUID(),
  ): Promise<Seen["payload"]> {
    const before = this.frames.length;
    this.send({ type, messageId, payload });
    const isAnswer = (frame: Seen) => frame.type === "ack" && frame.messageId === messageId;
    await this.until((frames) => frames.slice(before).some(isAnswer));
    return this.frames.slice(before).find(isAnswer)?.payload;
  }

  say(content: string, messageId?: string): Promise<Seen["payload"]> {
    return this.ask("send_message", { content }, messageId);
  }

  /** Waits until a frame of a type has come, `count` times in all. */
  see(type: string, count = 1): Promise<void> {
    return this.until((frames) => frames.filter((frame) => frame.type === type).length >= count);
  }

  /** Everything sent before has been answered: a round trip through the room. */
  async settle(): Promise<void> {
    const pongs = this.of("pong").length;
    this.send({ type: "ping", settle: true });
    await this.see("pong", pongs + 1);
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    await this.until(() => this.closed !== undefined);
    return this.closed ?? { code: 0, reason: "" };
  }

  /** Waits for a condition; fails after ten seconds with what was seen. */
  async until(condition: (frames: readonly Seen[]) => boolean): Promise<void> {
    const deadline = performance.now() + 10_000;
    while (!condition(this.frames)) {
      if (performance.now() > deadline) {
        throw new Error(`Never came; seen: ${this.frames.map(({ type }) => type).join(" ")}`);
      }
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#wake = resolve;
        }),
        new Promise((resolve) => setTimeout(resolve, 50)),
      ]);
    }
  }

  close(): void {
    this.socket.close(1000, "done");
  }

  #receive(data: string | ArrayBuffer): void {
    this.raw.push(data);
    const frame = (typeof data === "string" ? JSON.parse(data) : decode(data)) as Seen;
    this.frames.push(...(frame.type === "batch" ? (frame.payload as Seen[]) : [frame]));
    this.#wake();
  }
}
