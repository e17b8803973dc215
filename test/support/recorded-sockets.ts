import { decode } from "@msgpack/msgpack";
import type { WireMessage } from "../../src/protocol/bundle.ts";
import type { Close } from "../../src/protocol/close.ts";
import type { Session } from "../../src/room/connections/connection.ts";
import type { RoomSockets } from "../../src/room/connections/sockets.ts";

/** A frame as tests look at it. */
export interface SentFrame {
  readonly type: string;
  readonly seq?: number;
  readonly messageId?: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Sockets that write down what they are told. */
export class RecordedSockets implements RoomSockets {
  readonly #frames = new Map<string, SentFrame[]>();
  readonly #messages = new Map<string, WireMessage[]>();
  readonly closes = new Map<string, number>();
  /** The newest mark that each was sent. */
  readonly marks = new Map<string, string>();
  readonly saved = new Map<string, Session>();
  /** When each peer's last ping was answered, milliseconds since the epoch. */
  readonly pings = new Map<string, number>();

  send(id: string, message: WireMessage): void {
    addTo(this.#messages, id, [message]);
    const decoded: unknown = typeof message === "string" ? JSON.parse(message) : decode(message);
    const frame = decoded as SentFrame & { readonly payload: SentFrame[] };
    const frames = frame.type === "batch" ? frame.payload : [frame];
    for (const { type, payload } of frames) {
      if (type === "mark") this.marks.set(id, String(payload["id"]));
    }
    addTo(this.#frames, id, frames);
  }

  close(id: string, { code }: Close): void {
    this.closes.set(id, code);
  }

  save(id: string, session: Session): void {
    this.saved.set(id, session);
  }

  answeredAt(id: string): number | undefined {
    return this.pings.get(id);
  }

  /** Everything sent to a connection, as it went out. */
  messages(id: string): readonly WireMessage[] {
    return [...(this.#messages.get(id) ?? [])];
  }

  /** Everything sent to a connection, batches unpacked. */
  of(id: string): readonly SentFrame[] {
    return [...(this.#frames.get(id) ?? [])];
  }

  /** The payloads of one type sent to a connection. */
  payloads(id: string, type: string): readonly SentFrame["payload"][] {
    return this.of(id)
      .filter((frame) => frame.type === type)
      .map(({ payload }) => payload);
  }
}

function addTo<Item>(lists: Map<string, Item[]>, id: string, items: readonly Item[]): void {
  const list = lists.get(id);
  if (list === undefined) lists.set(id, [...items]);
  else list.push(...items);
}
