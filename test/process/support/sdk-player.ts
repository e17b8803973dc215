import type { Environment, SocketEvents } from "../../../src/client/environment.ts";
import type { GameRoom, RealtimeClient } from "../../../src/client/index.ts";
import type { ClientWire } from "../../../src/client/wire-codec.ts";
import { walkers } from "../../fixtures/games/walking.ts";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import { builtClient } from "./sdk-editor.ts";
import { until } from "./until.ts";

/** How often a screen shows a picture, in milliseconds. */
const FRAME_MS = 1_000 / 60;

/** Somebody who plays with the SDK as npm publishes it, and draws as often as a screen does. */
export class SdkPlayer {
  readonly client: RealtimeClient;
  readonly room: GameRoom<typeof walkers>;
  /** With what codes the SDK has closed its sockets. */
  readonly closes: number[];
  readonly #sockets: readonly { readonly socket: WebSocket; readonly events: SocketEvents }[];
  readonly #drawing: ReturnType<typeof setInterval>;
  /** Called with each picture. */
  drawn: (now: number) => void = () => {};

  private constructor(client: RealtimeClient, room: GameRoom<typeof walkers>, sockets: Watched) {
    this.client = client;
    this.room = room;
    this.closes = sockets.closes;
    this.#sockets = sockets.opened;
    this.#drawing = setInterval(() => {
      const now = performance.now();
      room.players(now);
      this.drawn(now);
    }, FRAME_MS);
  }

  /** Comes in, and waits for its player. */
  static async enter(url: string, userId: string, wire: ClientWire = "json"): Promise<SdkPlayer> {
    const Client = await builtClient();
    const sockets = new Watched();
    const token = () => tokenFor(userId, SECRETS.AUTH_SECRET);
    const client = new Client({ url, token, wire, environment: sockets.environment });
    const room = await client.game(walkers, "field", { idle: { dx: 0, dy: 0 } });
    const player = new SdkPlayer(client, room, sockets);
    await until(
      () => room.me() !== undefined,
      () => room.reason,
    );
    return player;
  }

  /** The network ends its connection. */
  cut(): void {
    const { socket, events } = this.#newest;
    socket.onmessage = null;
    socket.onclose = null;
    events.close(1006);
    socket.close(4999);
  }

  /** It is told what is no frame, and so closes and comes back by itself. */
  tellNonsense(): void {
    this.#newest.events.message("{");
  }

  async stop(): Promise<void> {
    clearInterval(this.#drawing);
    await this.client.close();
  }

  get #newest() {
    const newest = this.#sockets.at(-1);
    if (newest === undefined) throw new Error("The SDK has opened no socket.");
    return newest;
  }
}

/** Opens sockets as the platform does, and writes down how they are closed. */
class Watched {
  readonly closes: number[] = [];
  readonly opened: { socket: WebSocket; events: SocketEvents }[] = [];
  readonly environment: Pick<Environment, "openSocket"> = {
    openSocket: (url, protocols, events) => {
      const socket = new WebSocket(url, [...protocols]);
      socket.binaryType = "arraybuffer";
      socket.onmessage = ({ data }) => events.message(data);
      socket.onclose = ({ code }) => events.close(code);
      socket.onerror = () => {};
      this.opened.push({ socket, events });
      return {
        send: (data) => socket.send(data),
        close: (code, reason) => {
          this.closes.push(code);
          socket.close(code, reason);
        },
      };
    },
  };
}
