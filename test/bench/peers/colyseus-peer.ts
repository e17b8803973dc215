import { Room, Server } from "@colyseus/core";
import { schema, t } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";

// The game of `workers/square-game.ts` as its documentation builds one: a schema of what is told, and
// messages that say where to go. Places are told in tenths, as there.
const SIZE = 1_000;
const SPEED = 240;
const TURN = Math.PI * (3 - Math.sqrt(5));
const tickMs = 1_000 / Number(process.env["TICK_HZ"]);

const Player = schema({ x: t.int16(), y: t.int16() }, "Player");
const Arena = schema({ players: t.map(Player) }, "Arena");

/** Where a player is, as exactly as it is known. */
interface Walker {
  readonly told: InstanceType<typeof Player>;
  x: number;
  y: number;
  heading: { readonly dx: number; readonly dy: number } | undefined;
}

class ArenaRoom extends Room {
  override patchRate = tickMs;
  override state = new Arena();
  readonly #walkers = new Map<string, Walker>();
  #joined = 0;

  override messages = {
    go: ({ sessionId }: { sessionId: string }, heading: Walker["heading"]) => {
      const walker = this.#walkers.get(sessionId);
      if (walker !== undefined) walker.heading = heading;
    },
  };

  override onCreate(): void {
    this.setSimulationInterval((deltaMs) => this.#step(deltaMs / 1_000), tickMs);
  }

  override onJoin({ sessionId }: { sessionId: string }): void {
    this.#joined += 1;
    const told = new Player();
    const x = SIZE / 2 + Math.cos(this.#joined * TURN) * (SIZE / 4);
    const y = SIZE / 2 + Math.sin(this.#joined * TURN) * (SIZE / 4);
    const walker = { told, x, y, heading: undefined };
    tell(walker);
    this.state.players.set(sessionId, told);
    this.#walkers.set(sessionId, walker);
  }

  override onLeave({ sessionId }: { sessionId: string }): void {
    this.state.players.delete(sessionId);
    this.#walkers.delete(sessionId);
  }

  #step(dt: number): void {
    for (const walker of this.#walkers.values()) {
      if (walker.heading === undefined) continue;
      const { dx, dy } = walker.heading;
      const reach = (SPEED * dt) / Math.max(1, Math.hypot(dx, dy));
      walker.x = within(walker.x + dx * reach);
      walker.y = within(walker.y + dy * reach);
      tell(walker);
    }
  }
}

const server = new Server({ greet: false, transport: new WebSocketTransport() });
server.define("arena", ArenaRoom);
await server.listen(Number(process.env["PORT"]), "127.0.0.1");

function tell({ told, x, y }: Walker): void {
  told.x = Math.round(x * 10);
  told.y = Math.round(y * 10);
}

function within(place: number): number {
  return Math.max(0, Math.min(SIZE, place));
}
