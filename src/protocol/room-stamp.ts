import { encodeMsgpack } from "./msgpack.ts";

/** A msgpack map of up to 15 entries says how many in the low half of its first byte (spec, "map format family"). */
const FIXMAP = 0x80;
const FIXMAP_MOST = 0x8f;

/**
 * Writes a room into the messages of a connection to it, so that who hears many rooms on one connection
 * knows which one speaks (P20.3). Nothing is parsed: a message is an object, and `room` becomes its
 * first field; of a batch it is said once, for all of its frames.
 */
export class RoomStamp {
  readonly #text: string;
  readonly #key: Uint8Array<ArrayBuffer>;

  constructor(room: string) {
    this.#text = `{"room":${JSON.stringify(room)},`;
    const field = encodeMsgpack({ room });
    this.#key = field.subarray(1);
  }

  /**
   * Stamps one message.
   *
   * @throws {TypeError} for what no room sends: anything but an object with a field.
   */
  on(message: string | ArrayBuffer): string | Uint8Array<ArrayBuffer> {
    return typeof message === "string" ? this.#onText(message) : this.#onBytes(message);
  }

  #onText(message: string): string {
    if (!message.startsWith('{"')) throw new TypeError("A room sends an object with fields.");
    return this.#text + message.slice(1);
  }

  #onBytes(message: ArrayBuffer): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(message);
    const head = bytes[0] ?? 0;
    if (head <= FIXMAP || head >= FIXMAP_MOST) {
      throw new TypeError("A room sends a map of a few fields.");
    }
    const stamped = new Uint8Array(bytes.length + this.#key.length);
    stamped[0] = head + 1;
    stamped.set(this.#key, 1);
    stamped.set(bytes.subarray(1), 1 + this.#key.length);
    return stamped;
  }
}
