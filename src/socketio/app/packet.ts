import { Decoder, PacketType } from "socket.io-parser";
import * as z from "zod";
import { APP_BOUNDS } from "./limits.ts";

/** The namespace that every client has. */
export const MAIN_NAMESPACE = "/";

/** What a client says, of what is heeded (Socket.IO protocol, revision 5). */
export type ClientPacket =
  | { readonly type: "connect"; readonly namespace: string; readonly auth: unknown }
  | { readonly type: "disconnect"; readonly namespace: string }
  | {
      readonly type: "event";
      readonly namespace: string;
      readonly name: string;
      readonly args: readonly unknown[];
      /** Of an event that is to be answered. */
      readonly id?: number | undefined;
    }
  /** It answers what nobody asked. */
  | { readonly type: "ack"; readonly namespace: string };

/** A packet that cannot be read: its connection is over. */
export class MalformedPacket extends Error {
  override readonly name = "MalformedPacket";
}

const packetSchema = z.object({
  type: z.int(),
  // It is told in answers, so it must not be long.
  nsp: z.string().max(APP_BOUNDS.namespaceChars),
  id: z.int().min(0).optional(),
  data: z.unknown().optional(),
});

const eventSchema = z.tuple([z.union([z.string(), z.number()])], z.unknown());

/** Reads what a client sends, packet by packet; what one sends in binary is gathered within bounds. */
export class PacketReader {
  readonly #decoder = new Decoder();
  readonly #maxBytes: number;
  #gatheredBytes = 0;
  #read: unknown;

  /** @param maxBytes of all attachments of one packet. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#decoder.on("decoded", (packet) => {
      this.#read = packet;
    });
  }

  /**
   * Takes one message of Engine.IO. Returns the packet that it completes, if any.
   *
   * @throws {MalformedPacket} for what is none.
   */
  add(message: string | Uint8Array): ClientPacket | undefined {
    this.#gather(message);
    try {
      this.#decoder.add(message);
      if (this.#read === undefined) return undefined;
      const packet = clientPacket(this.#read);
      this.#read = undefined;
      this.#gatheredBytes = 0;
      return packet;
    } catch {
      throw new MalformedPacket();
    }
  }

  /** Lets go of an unfinished packet. */
  end(): void {
    this.#decoder.destroy();
  }

  #gather(message: string | Uint8Array): void {
    if (typeof message === "string") return;
    this.#gatheredBytes += message.byteLength;
    if (this.#gatheredBytes > this.#maxBytes) throw new MalformedPacket();
  }
}

function clientPacket(read: unknown): ClientPacket {
  const { type, nsp: namespace, id, data } = packetSchema.parse(read);
  switch (type) {
    case PacketType.CONNECT:
      return { type: "connect", namespace, auth: data };
    case PacketType.DISCONNECT:
      return { type: "disconnect", namespace };
    case PacketType.EVENT: {
      const [name, ...args] = eventSchema.parse(data);
      return { type: "event", namespace, name: String(name), args, id };
    }
    case PacketType.ACK:
      return { type: "ack", namespace };
    default:
      // Only a server refuses.
      throw new MalformedPacket();
  }
}

/**
 * An event as it travels.
 *
 * @param offset where its reader stands once it has it: a stock client brings it when it comes back.
 */
export function encodeEvent(name: string, args: readonly unknown[], offset?: string): string {
  const all = offset === undefined ? [name, ...args] : [name, ...args, offset];
  return `${PacketType.EVENT}${JSON.stringify(all)}`;
}

/** The answer to an event of this id. */
export function encodeAnswer(id: number, value: unknown): string {
  return `${PacketType.ACK}${id}${JSON.stringify([value])}`;
}

/** Lets a client in, as whom it is known; whoever brings the same `pid` again is the same. */
export function encodeConnect(sid: string, pid: string): string {
  return `${PacketType.CONNECT}${JSON.stringify({ sid, pid })}`;
}

/** Keeps a client out of a namespace. */
export function encodeConnectError(namespace: string, message: string, data?: unknown): string {
  const where = namespace === MAIN_NAMESPACE ? "" : `${namespace},`;
  return `${PacketType.CONNECT_ERROR}${where}${JSON.stringify({ message, data })}`;
}

/** Sends a client away. */
export const DISCONNECT = `${PacketType.DISCONNECT}`;

/** Names that mean something to a client of Socket.IO itself: whoever is sent one breaks off. */
const SOCKET_IO_EVENTS: ReadonlySet<string> = new Set([
  "connect",
  "connect_error",
  "disconnect",
  "disconnecting",
  "newListener",
  "removeListener",
]);

/** Whether an event may not be called so. */
export function isSocketIoEvent(name: string): boolean {
  return SOCKET_IO_EVENTS.has(name);
}
