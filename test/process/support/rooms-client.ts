import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";

interface Frame {
  readonly type: string;
  readonly room?: string;
  readonly messageId?: string;
  readonly seq?: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read payloads of every type
  readonly payload?: any;
}

/** Where a client stands in a room, and what it was shown there. */
interface Place {
  cursor: { readonly since: number; readonly epoch: string } | undefined;
  readonly seqs: number[];
  isIn: boolean;
  /** Whether each return but the first resumed. */
  readonly recovered: boolean[];
}

/** Somebody in many rooms over one socket, who comes back to each from where it stood, and says again what was not acked. */
export class RoomsClient {
  readonly places: ReadonlyMap<string, Place>;
  readonly acked = new Map<string, number>();
  readonly #unacked = new Map<string, string>();
  readonly #url: string;
  readonly #token: string;
  #socket: WebSocket | undefined;
  closes = 0;

  constructor(port: number, userId: string, rooms: readonly string[]) {
    this.#url = `ws://127.0.0.1:${port}/v1/ws`;
    this.#token = tokenFor(userId, SECRETS.AUTH_SECRET);
    this.places = new Map(
      rooms.map((room) => [room, { cursor: undefined, seqs: [], isIn: false, recovered: [] }]),
    );
  }

  /** Whether it is in all of its rooms, and everything it said is acked. */
  get isSettled(): boolean {
    return this.#unacked.size === 0 && [...this.places.values()].every(({ isIn }) => isIn);
  }

  /** Opens a socket, enters all rooms, and says again what was not acked. */
  connect(): void {
    const socket = new WebSocket(this.#url, ["hibiki.v1.json", `bearer.${this.#token}`]);
    this.#socket = socket;
    socket.addEventListener("open", () => {
      for (const [room, { cursor }] of this.places) {
        socket.send(JSON.stringify({ type: "join", room, payload: cursor ?? {} }));
      }
      for (const frame of this.#unacked.values()) socket.send(frame);
    });
    socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(String(data)) as Frame));
    socket.addEventListener("close", () => {
      if (this.#socket === socket) this.closes += 1;
      for (const place of this.places.values()) place.isIn = false;
    });
  }

  say(room: string, messageId: string): void {
    const payload = { content: messageId };
    const frame = JSON.stringify({ type: "send_message", room, messageId, payload });
    this.#unacked.set(messageId, frame);
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(frame);
  }

  close(): void {
    this.#socket?.close(1000);
  }

  #hear(frame: Frame): void {
    const frames = frame.type === "batch" ? (frame.payload as readonly Frame[]) : [frame];
    const place = this.places.get(frame.room ?? "");
    if (place === undefined) return;
    for (const { type, seq, messageId = "", payload } of frames) {
      if (type === "joined_room") {
        if (place.cursor !== undefined) place.recovered.push(payload.recovered);
        place.cursor ??= { since: payload.seq, epoch: payload.epoch };
        place.isIn = true;
      } else if (type === "left") place.isIn = false;
      else if (type === "ack" && payload.success) {
        this.acked.set(messageId, payload.savedId);
        this.#unacked.delete(messageId);
      } else if (seq !== undefined && place.cursor !== undefined) {
        place.seqs.push(seq);
        place.cursor = { ...place.cursor, since: seq };
      }
    }
  }
}
