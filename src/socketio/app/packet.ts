import { APP_BOUNDS } from "./limits.ts";

/** The namespace that every client has. */
export const MAIN_NAMESPACE = "/";

/** The types of packets (Socket.IO protocol, revision 5). */
const TYPES = {
  connect: "0",
  disconnect: "1",
  event: "2",
  ack: "3",
  connectError: "4",
  binaryEvent: "5",
  binaryAck: "6",
} as const;

/** What a client says, of what is heeded. */
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

/** Type, number of attachments, namespace, id, and JSON. */
const PACKET = /^([0-6])(?:(\d{1,3})-)?(?:(\/[^,]*)(?:,|$))?(\d{1,15})?([\s\S]*)$/;

/** What stands in an event for what came in binary, which no event of ours takes. */
const BINARY = new Uint8Array();

/** Reads what a client sends, packet by packet; what one sends in binary is counted, within bounds. */
export class PacketReader {
  readonly #maxBytes: number;
  /** An event whose attachments are still to come. */
  #waiting: { packet: ClientPacket; attachments: number; bytes: number } | undefined;

  /** @param maxBytes of all attachments of one packet. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Takes one message of Engine.IO. Returns the packet that it completes, if any.
   *
   * @throws {MalformedPacket} for what is none.
   */
  add(message: string | Uint8Array): ClientPacket | undefined {
    const waiting = this.#waiting;
    if (typeof message === "string") {
      if (waiting !== undefined) throw new MalformedPacket();
      return this.#text(message);
    }
    if (waiting === undefined) throw new MalformedPacket();
    waiting.attachments -= 1;
    waiting.bytes += message.byteLength;
    if (waiting.bytes > this.#maxBytes) throw new MalformedPacket();
    if (waiting.attachments > 0) return undefined;
    this.#waiting = undefined;
    return waiting.packet;
  }

  #text(text: string): ClientPacket | undefined {
    const [, type, count, namespace = MAIN_NAMESPACE, id, json = ""] = PACKET.exec(text) ?? [];
    const isBinary = type === TYPES.binaryEvent || type === TYPES.binaryAck;
    const attachments = Number(count ?? 0);
    const isRight = isBinary
      ? attachments > 0 && attachments <= APP_BOUNDS.attachments
      : count === undefined;
    // It is told in answers, so it must not be long.
    if (!isRight || namespace.length > APP_BOUNDS.namespaceChars) throw new MalformedPacket();
    const data = json === "" ? undefined : jsonIn(json);
    const packet = packetOf(type, namespace, id === undefined ? undefined : Number(id), data);
    if (!isBinary) return packet;
    this.#waiting = { packet, attachments, bytes: 0 };
    return undefined;
  }
}

function packetOf(
  type: string | undefined,
  namespace: string,
  id: number | undefined,
  data: unknown,
): ClientPacket {
  if (type === TYPES.connect && isObject(data ?? {})) {
    return { type: "connect", namespace, auth: data };
  }
  if (type === TYPES.disconnect && data === undefined) return { type: "disconnect", namespace };
  if (Array.isArray(data)) {
    if (type === TYPES.ack || type === TYPES.binaryAck) return { type: "ack", namespace };
    const [name, ...args]: unknown[] = data;
    const isName = typeof name === "number" || (typeof name === "string" && !isSocketIoEvent(name));
    if (isName && (type === TYPES.event || type === TYPES.binaryEvent)) {
      const said = type === TYPES.event ? args : [BINARY];
      return { type: "event", namespace, name: String(name), args: said, id };
    }
  }
  // Only a server refuses.
  throw new MalformedPacket();
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedPacket();
  }
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An event for any number of clients, which is written once. */
export class Told {
  readonly #name: string;
  readonly #args: readonly unknown[];
  /** All but its end. */
  #text: string | undefined;

  constructor(name: string, args: readonly unknown[]) {
    this.#name = name;
    this.#args = args;
  }

  /** Whether it may not travel without an offset: a client takes a text that comes last for one. */
  get needsOffset(): boolean {
    return typeof this.#args.at(-1) === "string";
  }

  /**
   * How it travels.
   *
   * @param offset where its reader stands once it has it: a stock client brings it when it comes back.
   */
  packet(offset?: string): string {
    this.#text ??= `${TYPES.event}${JSON.stringify([this.#name, ...this.#args]).slice(0, -1)}`;
    return offset === undefined ? `${this.#text}]` : `${this.#text},${JSON.stringify(offset)}]`;
  }
}

/** The answer to an event of this id. */
export function encodeAnswer(id: number, value: unknown): string {
  return `${TYPES.ack}${id}${JSON.stringify([value])}`;
}

/** Lets a client in, as whom it is known; whoever brings the same `pid` again is the same. */
export function encodeConnect(sid: string, pid: string): string {
  return `${TYPES.connect}${JSON.stringify({ sid, pid })}`;
}

/** Keeps a client out of a namespace. */
export function encodeConnectError(namespace: string, message: string, data?: unknown): string {
  const where = namespace === MAIN_NAMESPACE ? "" : `${namespace},`;
  return `${TYPES.connectError}${where}${JSON.stringify({ message, data })}`;
}

/** Sends a client away. */
export const DISCONNECT = TYPES.disconnect;

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
