import type { Scenario } from "../scenario.ts";
import { costingGames } from "./cost.ts";
import { playing } from "./playing.ts";

/** Every scenario of games, in the order of the report. */
export const GAMES: readonly Scenario[] = [
  playing({ players: 50, tickHz: 20 }),
  playing({ players: 50, tickHz: 30 }),
  playing({ players: 50, tickHz: 60 }),
  playing({ players: 200, tickHz: 20 }),
  playing({ players: 200, tickHz: 30 }),
  playing({ players: 50, tickHz: 30, aimHz: 30 }),
  costingGames,
];
