import type { Game } from "../../contract/game.ts";
import type { Rules } from "../../contract/rules.ts";
import { refusal } from "../../protocol/error.ts";
import { eventFrame } from "../../room/log/event-frame.ts";
import { type ExtendedKind, extendedKind } from "../extension.ts";
import { presence } from "../presence.ts";
import { GAME_ARCHIVE } from "./archive.ts";
import { arena } from "./arena.ts";
import { gameContract } from "./contract.ts";
import { GameMemory } from "./game-memory.ts";

const NO_SOCKET = refusal("access_denied", "A player wants something by its own WebSocket alone.");

/**
 * Rooms in which a game goes on.
 *
 * @param rules who may be in one; its grants say that when absent.
 */
export function gameKind(
  game: Game,
  rules: Pick<Rules<typeof gameContract>, "authorize"> = {},
): ExtendedKind<typeof gameContract> {
  return extendedKind(gameContract, rules, {
    presence: true,
    address: {
      title: "A game",
      room: `${gameContract.prefix}:{game}`,
      parameters: { game: { description: "What is played." } },
    },
    log: { frame: eventFrame },
    archive: GAME_ARCHIVE,
    limits: (limits) => {
      // What a player wants counts once a tick; twice, for ticks of two clocks are not the same.
      const framesPerSecond = Math.max(limits.framesPerSecond, 2 * game.tickHz);
      return {
        ...limits,
        framesPerSecond,
        framesBurst: Math.max(limits.framesBurst, framesPerSecond),
        // Ticks go on being told, whoever reads them: nobody has to speak for that to cost.
        marks: "at-once",
      };
    },
    open: (ports) => new GameMemory(game, ports),
    decide: { player_input: () => NO_SOCKET, presence },
  });
}

/** The game that comes with Hibiki. */
export const GAME = gameKind(arena);
