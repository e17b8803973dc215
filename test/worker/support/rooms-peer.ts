import { decode, encode } from "@msgpack/msgpack";
import { vi } from "vitest";
import { openSocket, type PeerOptions } from "./open-socket.ts";
import type { Seen } from "./peer.ts";

/** A frame of one of many rooms. */
export type RoomSeen = Seen & { readonly room?: string };

/** A client of many rooms on one socket, over the real Worker and the real objects. */
export class RoomsPeer {
  readonly socket: WebSocket;
  readonly wire: "json" | "msgpack" | "plain";
  /** Every frame so far, batches unpacked, each with the room that its message named. */
  readonly frames: RoomSeen[] = [];
  readonly raw: (string | ArrayBuffer)[] = [];
  closed: { code: number; reason: string } | undefined;

  private constructor(socket: WebSocket, wire: RoomsPeer["wire"]) {
    this.socket = socket;
    this.wire = wire;
    socket.addEventListener("message", ({ data }) => this.#receive(data as string | ArrayBuffer));
    socket.addEventListener("close", ({ code, reason }) => {
      this.closed = { code, reason };
    });
    socket.accept();
  }

  static async connect(user: string, options: PeerOptions = {}): Promise<RoomsPeer> {
    return new RoomsPeer(await openSocket("/v1/ws", user, options), options.wire ?? "json");
  }

  send(frame: object): void {
    this.socket.send(this.wire === "msgpack" ? encode(frame) : JSON.stringify(frame));
  }

  /** Enters a room and waits for what comes of it. */
  async join(room: string, payload: object = {}): Promise<RoomSeen> {
    const before = this.frames.length;
    this.send({ type: "join", room, payload });
    return this.see(
      ({ type, room: whose }) => whose === room && /^(joined_|left)/.test(type),
      before,
    );
  }

  /** Says a message in a room and waits for its ack. */
  async say(
    room: string,
    content: string,
    messageId: string = crypto.randomUUID(),
  ): Promise<RoomSeen> {
    const before = this.frames.length;
    this.send({ type: "send_message", room, messageId, payload: { content } });
    return this.see((frame) => frame.type === "ack" && frame.messageId === messageId, before);
  }

  /** Waits for a frame, from the given place on. */
  async see(is: (frame: RoomSeen) => boolean, from = 0): Promise<RoomSeen> {
    return vi.waitFor(
      () => {
        const found = this.frames.slice(from).find(is);
        if (found === undefined) {
          throw new Error(`Never came; seen: ${this.frames.map(({ type }) => type).join(" ")}`);
        }
        return found;
      },
      { timeout: 10_000 },
    );
  }

  /** Frames of one room, in order. */
  in(room: string): readonly RoomSeen[] {
    return this.frames.filter((frame) => frame.room === room);
  }

  /** Contents of the messages of one room, in order. */
  heard(room: string): readonly string[] {
    return this.in(room)
      .filter(({ type }) => type === "new_message")
      .map(({ payload }) => payload.content);
  }

  #receive(data: string | ArrayBuffer): void {
    this.raw.push(data);
    if (data === '{"type":"pong"}') {
      this.frames.push(JSON.parse(data));
      return;
    }
    const frame = (typeof data === "string" ? JSON.parse(data) : decode(data)) as RoomSeen;
    if (frame.type !== "batch") this.frames.push(frame);
    else
      for (const one of frame.payload) {
        this.frames.push({ ...one, ...(frame.room === undefined ? {} : { room: frame.room }) });
      }
  }
}
