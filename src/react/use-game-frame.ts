import type { GamePlayer, GameRoom } from "../client/index.ts";
import type { Game } from "../contract/game.ts";
import { useFrame } from "./use-frame.ts";

/**
 * Has a game drawn before each picture that the browser shows; see {@link GameRoom.players} for what it
 * is handed. Nothing is rendered for it.
 */
export function useGameFrame<G extends Game>(
  game: GameRoom<G> | undefined,
  draw: (players: readonly GamePlayer<G>[], now: number) => void,
): void {
  useFrame((now) => {
    if (game !== undefined) draw(game.players(now), now);
  });
}
