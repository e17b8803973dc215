import { useCallback, useState } from "react";
import type {
  GameOptions,
  GamePerson,
  GameRoom,
  RealtimeClient,
  RealtimeError,
  RoomStatus,
  SharedOf,
} from "../client/index.ts";
import type { Game } from "../contract/game.ts";
import { closedError } from "./closed-error.ts";
import { type LateHandle, lateSort } from "./late-handle.ts";
import { usePlace } from "./place.ts";
import { useView } from "./use-view.ts";

/** Components are not for what changes with each tick: what a game shares is shown this often, in milliseconds. */
const SHARED_EVERY_MS = 250;

/** A game, as a component sees it: never rendered again for a tick alone, see {@link useGameFrame}. */
export interface UsedGame<G extends Game = Game> {
  /** What plays it and draws it; `undefined` until its code is there, and on a server. */
  readonly game: GameRoom<G> | undefined;
  readonly status: RoomStatus;
  /** Of those who play. */
  readonly playerId: number | undefined;
  readonly canPlay: boolean;
  /** Who plays and is in sight. */
  readonly people: readonly GamePerson[];
  /** What the game tells beside its players, at most four times a second; `undefined` until its code is there. */
  readonly shared: SharedOf<G> | undefined;
  /** Why the game is closed for good. */
  readonly error: RealtimeError | undefined;
}

const BEFORE: UsedGame = {
  game: undefined,
  status: "connecting",
  playerId: undefined,
  canPlay: false,
  people: [],
  shared: undefined,
  error: undefined,
};

/** Enters a game for as long as a component is there that asks for it. All that do share one. */
export function useGame(name: string, options?: GameOptions): UsedGame;
/** Enters a game that this end has as well, typed by it; the `options` of the first component count. */
export function useGame<G extends Game>(
  game: G,
  name: string,
  options?: GameOptions<NoInfer<G>>,
): UsedGame<G>;
export function useGame(
  of: Game | string,
  more?: string | GameOptions,
  last?: GameOptions,
): UsedGame {
  const game = typeof of === "string" ? undefined : of;
  const name = String(typeof of === "string" ? of : more);
  // Written where it is called, it is another object with each rendering.
  const [options] = useState(typeof more === "string" ? last : more);
  const open = useCallback(
    (client: RealtimeClient) => {
      const enter = () =>
        game === undefined ? client.game(name, options) : client.game(game, name, options);
      return lateSort<GameRoom>({ open: enter, watch, leave: (opened) => opened.leave() });
    },
    [game, name, options],
  );
  return useView(usePlace(`game ${name.replace(/^game:/, "")}`, open), viewOf, BEFORE);
}

function viewOf(handle: LateHandle<GameRoom>): UsedGame {
  const { opened: game, status } = handle;
  const error = closedError(handle);
  if (game === undefined) return { ...BEFORE, status, error };
  const { playerId, canPlay, people, shared } = game;
  return { game, status, playerId, canPlay, people, shared, error };
}

function watch(game: GameRoom, changed: () => void): void {
  let isWaiting = false;
  const shown = () => {
    isWaiting = false;
    changed();
  };
  for (const type of ["status", "people", "playing"] as const) game.on(type, changed);
  game.on("shared", () => {
    if (!isWaiting) setTimeout(shown, SHARED_EVERY_MS);
    isWaiting = true;
  });
}
