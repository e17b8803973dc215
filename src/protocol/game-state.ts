/** A player as it is told: its id, then each of its fields, scaled to a whole number. */
export type PlayerRow = readonly number[];

/** Whose a player is: its id, and the user's id and name. */
export type PlayerName = readonly [id: number, userId: string, name: string];

/** Where the players of a game are: those that changed since the state told before, or all. */
export interface GameState {
  readonly tick: number;
  readonly players: readonly PlayerRow[];
  /** Ids of players that are not there any more. */
  readonly gone?: readonly number[];
  /** Nothing that was told before stands: who is not in it is not there. */
  readonly full?: true;
  /** What is no player's, scaled to whole numbers; absent while it is as told before. */
  readonly shared?: readonly number[];
  /** Whose the players are that whoever is told this was not told of before. */
  readonly who?: readonly PlayerName[];
}

/** A number that is told of a player, or of what is no player's. */
export interface GameField {
  readonly name: string;
  /** What the whole number of a row is divided by. */
  readonly scale: number;
}
