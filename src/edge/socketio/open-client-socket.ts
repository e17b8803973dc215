import { addressOf } from "../address.ts";
import type { RoomsCall } from "../gateways/room-visitor.ts";
import { urlOf } from "../input.ts";
import { countGateway } from "../refusal-log.ts";
import { ChangeSocket } from "./change-socket.ts";
import { newId, type OpenApp } from "./default-app.ts";
import { EngineSocket } from "./engine-socket.ts";
import { callHub, hubOf } from "./hub-stub.ts";

/**
 * A client's WebSocket, which ends in this Worker.
 *
 * @param sid of a connection that polled until now.
 * @param open the app that it speaks to.
 */
export function openClientSocket(
  call: RoomsCall,
  sid: string | undefined,
  open: OpenApp,
): Response {
  const { 0: client, 1: socket } = new WebSocketPair();
  socket.binaryType = "arraybuffer";
  const end =
    sid === undefined ? newSocket(call, socket, open) : changedSocket(call, socket, sid, open);
  socket.addEventListener("message", ({ data }) => end.hear(data));
  socket.addEventListener("close", () => end.end());
  socket.addEventListener("error", () => end.end());
  call.lifetime.waitUntil(end.closed);
  return new Response(null, { status: 101, webSocket: client });
}

function newSocket(call: RoomsCall, socket: WebSocket, open: OpenApp): EngineSocket {
  const query = Object.fromEntries(urlOf(call.request).searchParams);
  const { socketio, limits } = call.settings;
  const about = { sid: newId(), handshake: { query } };
  const engine = new EngineSocket(socket, about, socketio, limits.unreadBytes);
  const app = open(call, addressOfCall(call), engine);
  countGateway({ gateways: { socketio_websocket: 1 } }, call.env, call.settings);
  socket.accept();
  engine.open(app);
  return engine;
}

function changedSocket(
  call: RoomsCall,
  socket: WebSocket,
  sid: string,
  open: OpenApp,
): ChangeSocket {
  const hub = hubOf(sid) ?? -1;
  socket.accept();
  const { socketio, limits } = call.settings;
  return new ChangeSocket(socket, socketio, {
    sid,
    mostUnread: limits.unreadBytes,
    hub: {
      knows: (whose) => callHub(call.env, hub, (stub) => stub.knows(whose)),
      probe: (whose) => callHub(call.env, hub, (stub) => stub.probe(whose)),
      change: (whose) => callHub(call.env, hub, (stub) => stub.change(whose)),
    },
    goOn: (engine, { from: state }) => {
      countGateway({ gateways: { socketio_upgraded: 1 } }, call.env, call.settings);
      const taken = () => {
        // A hub that is not told lets go by itself.
        const released = callHub(call.env, hub, (stub) => stub.release(sid));
        call.lifetime.waitUntil(released.catch(() => {}));
      };
      return open(call, addressOfCall(call), engine, { state, taken });
    },
  });
}

function addressOfCall({ request, settings }: RoomsCall): string {
  return addressOf(request, settings.trustedIpHeader);
}
