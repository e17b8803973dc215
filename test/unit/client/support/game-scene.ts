import { type ClientOptions, RealtimeClient } from "../../../../src/client/client.ts";
import type { GameOptions } from "../../../../src/client/game-types.ts";
// Fetched when it is needed, which takes real time the first time.
import "../../../../src/client/http-transports.ts";
import "../../../../src/client/open-game.ts";
import type { Game } from "../../../../src/contract/game.ts";
import { walking } from "../../game/support/games.ts";
import { FakeNetwork } from "./fake-network.ts";
import { GameLine } from "./game-line.ts";
import { ManualClock, settle } from "./manual-clock.ts";

/** How fast screens draw, in milliseconds. */
export const FRAME_MS = 1_000 / 60;

/** The game that is played unless a test says so. */
export const walk = walking(60);

/** A game with somebody in it, and all around them in the test's hands. */
export function gameScene(latencyMs: () => number = () => 0, game: Game = walk) {
  const clock = new ManualClock();
  const line = new GameLine(clock, game, latencyMs);
  return {
    clock,
    line,
    /** A client of somebody. */
    come(userId: string, options: Partial<ClientOptions> = {}) {
      const network = new FakeNetwork(clock);
      network.onOpen = (socket) => line.accept(socket);
      const client = new RealtimeClient({
        url: "https://edge.example",
        token: userId,
        transport: "websocket",
        ...options,
        environment: { ...network.environment, ...options.environment },
      });
      return { network, client };
    },
    /** Somebody who plays, and has been told how things stand. */
    async play(userId: string, options: GameOptions<typeof walk> = {}) {
      const { network, client } = this.come(userId);
      const room = await client.game(walk, "arena", { clock: clock.now, ...options });
      await settle();
      return { network, client, room };
    },
    /** Lets time pass, and draws as often as a screen does. */
    async pass(ms: number, draw: (now: number) => void = () => {}) {
      const end = clock.now() + ms;
      while (clock.now() < end - 1e-6) {
        await clock.advance(Math.min(FRAME_MS, end - clock.now()));
        draw(clock.now());
      }
    },
  };
}
