import { PING, PONG } from "../protocol/client-frame.ts";
import { BEARER_PREFIX } from "../protocol/subprotocol-name.ts";
import type { Socket } from "./environment.ts";
import type { Endpoint } from "./reached.ts";
import { showReading } from "./sign-of-reading.ts";
import type { WireCodec } from "./wire-codec.ts";

/** What a shared connection is made of. */
export interface SharedParts extends Endpoint {
  readonly codec: WireCodec;
}

/** What a line tells. */
export interface SharedLineEvents {
  /** What is sent from now on goes out. */
  open(): void;
  /** Something came in; told before the message that it is. */
  sign(): void;
  /** One message, decoded but for {@link PONG}; `undefined` for what this wire does not speak. */
  message(value: unknown): void;
  /** It is over, or never came to be. */
  close(code: number): void;
}

/** Opens the WebSocket of many rooms, with the token beside the subprotocol (P2.8, P20.1). */
export function openSharedLine(
  { environment, address, codec }: SharedParts,
  token: string,
  events: SharedLineEvents,
): Socket {
  const url = address.http("ws").replace(/^http/, "ws");
  const heard = showReading(() => socket.send(PING));
  const socket = environment.openSocket(url, [codec.subprotocol, BEARER_PREFIX + token], {
    open: () => events.open(),
    message: (data) => {
      heard(data);
      events.sign();
      events.message(data === PONG ? data : decoded(codec, data));
    },
    close: (code) => events.close(code),
  });
  return socket;
}

function decoded(codec: SharedParts["codec"], data: unknown): unknown {
  try {
    return codec.decode(data);
  } catch {
    return undefined;
  }
}
