import { encodeMsgpack } from "./msgpack.ts";
import type { ServerFrame } from "./server-frame.ts";

/** A server frame that is encoded at most once per codec, however many readers get it. */
export class EncodedFrame {
  #json: string | undefined;
  #msgpack: Uint8Array<ArrayBuffer> | undefined;
  readonly #frame: ServerFrame | undefined;

  private constructor(frame: ServerFrame | undefined, json: string | undefined) {
    this.#frame = frame;
    this.#json = json;
  }

  /** Wraps a frame. */
  static of(frame: ServerFrame): EncodedFrame {
    return new EncodedFrame(frame, undefined);
  }

  /** Wraps a frame that exists as JSON text already, as events of the log do. */
  static fromJson(json: string): EncodedFrame {
    return new EncodedFrame(undefined, json);
  }

  /** The frame as JSON text. */
  get json(): string {
    this.#json ??= JSON.stringify(this.#frame);
    return this.#json;
  }

  /** The frame as MessagePack bytes. */
  get msgpack(): Uint8Array<ArrayBuffer> {
    this.#msgpack ??= encodeMsgpack(this.#frame ?? readable(this.json));
    return this.#msgpack;
  }
}

/** Stored text may hold what was let in before the door knew better: MessagePack readers refuse this key. */
function readable(json: string): unknown {
  if (!json.includes('"__proto__":')) return JSON.parse(json);
  return JSON.parse(json, (key, value: unknown) => (key === "__proto__" ? undefined : value));
}
