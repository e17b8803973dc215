/** The types of Engine.IO's packets (protocol, revision 4). */
export const ENGINE = {
  open: "0",
  close: "1",
  ping: "2",
  pong: "3",
  message: "4",
  upgrade: "5",
  noop: "6",
} as const;

/** What a client asks, and is answered, on a WebSocket to which it wants to change. */
export const PROBE = { ask: `${ENGINE.ping}probe`, answer: `${ENGINE.pong}probe` } as const;

/** Stands between the packets of one body. */
export const SEPARATOR = "\x1e";

/** What a packet in binary begins with in a body. */
const BINARY = "b";

/** Why a connection is over, as servers of Socket.IO say it to handlers of `disconnect`. */
export type EngineEnd =
  | "transport close"
  | "transport error"
  | "ping timeout"
  | "parse error"
  | "forced close";

/** What a connection is told at its beginning, and holds its client to. */
export interface EngineTimes {
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
}

/** The longest message that a client may send, and the longest body of several. */
export const MAX_PAYLOAD_BYTES = 1_000_000;

/** The first packet of a connection. */
export function openPacket(
  sid: string,
  upgrades: readonly string[],
  { pingIntervalMs: pingInterval, pingTimeoutMs: pingTimeout }: EngineTimes,
): string {
  const about = { sid, upgrades, pingInterval, pingTimeout, maxPayload: MAX_PAYLOAD_BYTES };
  return ENGINE.open + JSON.stringify(about);
}

/** A packet of a client, of those that it sends in its bodies. */
export type EnginePacket =
  | { readonly type: "message"; readonly data: string | Uint8Array }
  | { readonly type: "pong" | "close" };

/** A message as it stands in a body. */
export function messagePacket(data: string | Uint8Array): string {
  return typeof data === "string"
    ? ENGINE.message + data
    : BINARY + btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(""));
}

/** What a packet of a body is as a message of a WebSocket, which has binary of its own. */
export function unpacked(packet: string): string | Uint8Array<ArrayBuffer> {
  return packet[0] === BINARY ? bytesIn(packet.slice(1)) : packet;
}

/** The packets of a body; `undefined` when one of them is none. */
export function packetsIn(body: string): readonly EnginePacket[] | undefined {
  const packets: EnginePacket[] = [];
  for (const text of body.split(SEPARATOR)) {
    const packet = packetOf(text);
    if (packet === undefined) return undefined;
    packets.push(packet);
  }
  return packets;
}

function packetOf(text: string): EnginePacket | undefined {
  switch (text[0]) {
    case ENGINE.message:
      return { type: "message", data: text.slice(1) };
    case BINARY:
      return binaryIn(text.slice(1));
    case ENGINE.pong:
      return { type: "pong" };
    case ENGINE.close:
      return { type: "close" };
    default:
      return undefined;
  }
}

/** @throws {DOMException} for what is no base64. */
function bytesIn(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function binaryIn(base64: string): EnginePacket | undefined {
  try {
    return { type: "message", data: bytesIn(base64) };
  } catch {
    return undefined;
  }
}
