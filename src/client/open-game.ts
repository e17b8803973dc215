import type { Game } from "../contract/game.ts";
import { RealtimeError } from "./error.ts";
import { learnShapes } from "./frame-shape.ts";
import { GameKind } from "./game-kind.ts";
import { GameRoom } from "./game-room.ts";
import { GAME_SHAPES } from "./game-shape.ts";
import type { GameEvents, GameOptions } from "./game-types.ts";
import { RoomSession, type SessionOptions } from "./room-session.ts";

type GameSession = RoomSession<GameKind, GameEvents>;

/** How a client enters what it shares between handles. */
export type EnterGame = (
  key: string,
  entry: Pick<SessionOptions, "name" | "wants">,
  begin: (options: SessionOptions) => GameSession,
) => GameSession;

/** A game's name, and its options; before these the game itself, where this end has it. */
export type GameEntry =
  | readonly [name: string, options?: GameOptions | undefined]
  | readonly [game: Game, name: string, options?: GameOptions | undefined];

const PREFIX = "game:";
/** As of a room, whose name is the longer by the prefix. */
const NAME = /^[\w.~:-]{1,123}$/;

/**
 * Enters a game: a file of its own.
 *
 * @throws {RealtimeError} `invalid_request` for what is no name, or no game, `conflict` when it is entered
 * by another game already, `invalid_frame` for an `idle` that it does not take; and what `enter` throws.
 */
export function openGame(enter: EnterGame, entry: GameEntry): GameRoom {
  const [game, of, options = {}] = isNamed(entry) ? [undefined, ...entry] : entry;
  const name = String(of);
  const id = name.startsWith(PREFIX) ? name : PREFIX + name;
  if (!NAME.test(id.slice(PREFIX.length))) {
    throw invalid("A game's name is 1 to 123 of A-Z a-z 0-9 . _ ~ : -.");
  }
  // An application without types may hand over anything.
  if (game !== undefined && typeof game.rules?.steer !== "function") {
    throw invalid("A game is what `game()` of `hibiki` makes.");
  }
  learnShapes(GAME_SHAPES);
  const session = enter(`game ${id}`, { name: () => id, wants: {} }, (parts) => {
    const kindOf = (made: GameSession) => new GameKind(made, settingOf(game, options));
    return new RoomSession(parts, kindOf);
  });
  if (session.kind.game !== game) {
    throw RealtimeError.invalid("conflict", `${id} is entered by another game.`);
  }
  return new GameRoom(id, session);
}

function settingOf(game: Game | undefined, options: GameOptions) {
  const { idle, predicts = true, discrete = [], snap, clock = () => performance.now() } = options;
  return { game, idle, predicts, discrete: new Set(discrete), snap, clock };
}

function isNamed(entry: GameEntry): entry is Extract<GameEntry, readonly [string, ...unknown[]]> {
  return typeof entry[0] === "string" && typeof entry[1] !== "string";
}

function invalid(message: string): RealtimeError {
  return RealtimeError.invalid("invalid_request", message);
}
