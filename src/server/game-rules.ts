import { type Game, isGame } from "../contract/game.ts";
import { arena } from "../kinds/game/arena.ts";
import { gameContract } from "../kinds/game/contract.ts";
import { type AuthorizeRule, checkedRules } from "./kind-rules.ts";

/** What is played, and by whom. */
export interface GameRoomRules {
  /** What `game()` made; the arena that comes with Hibiki when absent. */
  readonly play?: Game;
  /**
   * Who may be in a game, whose room is `game:<x>`: who may `write` plays, who may only `read` watches.
   * Asked anew, whoever may not write any more only watches from the next tick on.
   */
  readonly authorize?: AuthorizeRule;
}

/** The same, with a game in any case. */
export type CheckedGame = GameRoomRules & { readonly play: Game };

/**
 * Holds what a team says of its games to what is heeded.
 *
 * @param given a game alone, or with rules.
 * @throws {TypeError} that names what is not.
 */
export function checkedGame(given: Game | GameRoomRules = {}): CheckedGame {
  if (isGame(given)) return { play: given };
  // Nothing of a game is stored that a rule could look at.
  const rules: GameRoomRules & { readonly before?: object; readonly after?: object } = given;
  const { play = arena, authorize } = checkedRules(gameContract, rules, ["play", "authorize"]);
  if (!isGame(play)) throw new TypeError("hibiki(): game.play is what game() made.");
  return authorize === undefined ? { play } : { play, authorize };
}
