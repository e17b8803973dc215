import { ProtocolError } from "../../protocol/error.ts";
import { PacketQuota } from "../../room/quota/packet-quota.ts";
import type { Resumed } from "../../socketio/app/ports.ts";
import type { EngineEnd } from "../../socketio/engine/packet.ts";
import type { RoomsCall } from "../gateways/room-visitor.ts";
import { ADDRESS_HEADER, SID_HEADER } from "../hub-api.ts";
import { InnerLine } from "../transports/inner-line.ts";
import type { ClientApp, ClientConnection, OpenApp } from "./default-app.ts";
import { closeOf } from "./hub-end.ts";
import { callHub } from "./hub-stub.ts";

/** What a client may say before its hub has answered. */
const HELD_MESSAGES = 1_000;
const CLIENT_ONLY = ["sec-websocket-key", "sec-websocket-extensions", "sec-websocket-protocol"];
/** An own app runs in one hub: all of its sockets are in one place. */
const HUB = 0;

/** A team's own app, which is in a hub. */
export const openOwnApp: OpenApp = (call, address, connection, from) =>
  new HubClient(call, address, connection, from);

/** The Worker's end of a client whose server is in a hub: what one says the other is told. */
class HubClient implements ClientApp {
  readonly #connection: ClientConnection;
  readonly #quota: PacketQuota;
  #line: InnerLine | undefined;
  #held: (string | Uint8Array)[] = [];
  #isOver = false;

  constructor(
    call: RoomsCall,
    address: string,
    connection: ClientConnection,
    from: Resumed | undefined,
  ) {
    this.#connection = connection;
    this.#quota = new PacketQuota(call.settings.socketio, Date.now());
    void this.#open(call, address, from);
  }

  message(data: string | Uint8Array): void {
    if (this.#isOver) return;
    if (!this.#quota.take(data.length, Date.now())) this.#connection.close("forced close");
    else if (this.#line !== undefined) this.#line.send(bytesOrText(data));
    else if (this.#held.push(data) > HELD_MESSAGES) this.#connection.close("forced close");
  }

  closed(why: EngineEnd): void {
    this.#isOver = true;
    this.#held = [];
    this.#line?.close(closeOf(why));
  }

  /** A client that ended in a Worker stays there. */
  handover(): string {
    return "";
  }

  async #open(call: RoomsCall, address: string, from: Resumed | undefined): Promise<void> {
    try {
      const line = await openLineToHub(call, address, this.#connection.sid);
      this.#line = line;
      line.listen(
        {
          heard: (message) => {
            this.#connection.send(typeof message === "string" ? message : new Uint8Array(message));
          },
          ended: () => {
            if (!this.#isOver) this.#connection.close("forced close");
          },
        },
        call.settings.limits.heartbeatMs,
      );
      from?.taken();
      for (const message of this.#held) line.send(bytesOrText(message));
      this.#held = [];
      if (this.#isOver) line.close(closeOf("transport close"));
    } catch {
      // It comes back, in a while.
      if (!this.#isOver) this.#connection.close("forced close");
    }
  }
}

/** @throws {ProtocolError} what the hub, or the way to it, refuses with. */
async function openLineToHub(
  { request, env, lifetime }: RoomsCall,
  address: string,
  sid: string,
): Promise<InnerLine> {
  const headers = new Headers(request.headers);
  // These are of the client's own WebSocket, which ends here.
  for (const name of CLIENT_ONLY) headers.delete(name);
  headers.set("Upgrade", "websocket");
  headers.set(ADDRESS_HEADER, address);
  headers.set(SID_HEADER, sid);
  const asked = new Request(request.url, { headers });
  const { webSocket, status } = await callHub(env, HUB, (stub) => stub.fetch(asked));
  if (webSocket === null) throw new ProtocolError("unavailable", `The hub answered ${status}.`);
  const line = new InnerLine(webSocket);
  lifetime.waitUntil(line.closed);
  return line;
}

/** Bytes of a message are of an array of their own. */
function bytesOrText(data: string | Uint8Array): string | Uint8Array<ArrayBuffer> {
  return typeof data === "string" ? data : new Uint8Array(data);
}
