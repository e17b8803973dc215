import type { GameState } from "../game-state.ts";
import type { Json } from "../json.ts";
import type { ClientFrameRows, ServerFrameRows } from "./row.ts";

/** What is sent in a game. */
export interface GameClientPayloads {
  /** What its sender wants from the next tick on: what that is, the game says. */
  readonly player_input: Json;
}

/** What is told in a game. */
export interface GameServerPayloads {
  readonly game_state: GameState;
}

/** The frames that a game takes. */
export const GAME_CLIENT_FRAMES = {
  // Over HTTP there is nobody whose player could want it.
  player_input: { needs: ["write"], tells: ["game_state"] },
} as const satisfies ClientFrameRows<GameClientPayloads>;

/** The frames that a game sends. */
export const GAME_SERVER_FRAMES = {
  game_state: {},
} as const satisfies ServerFrameRows<GameServerPayloads>;
