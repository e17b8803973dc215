import { refusal } from "../protocol/error.ts";

/** What somebody is told who wants something of a game and has no player in it. */
export const NO_PLAYER = refusal(
  "access_denied",
  "You watch this game. To play, come in with a token that has `write`, while there is a place.",
);

/** What a newcomer is told who could play, were there a place; it watches. */
export const SEATS_TAKEN = refusal(
  "too_many_connections",
  "As many play as may; you watch. Come in again later.",
  15_000,
);

/** What a newcomer is told whom the game's own code could not let in; it watches. */
export const JOIN_FAILED = refusal(
  "internal",
  "The game could not let you in, so you watch; whoever runs this server finds it in the log.",
);

/** What a player is told whose input the game's own code has stumbled over; it stands still. */
export const INPUT_FAILED = refusal(
  "internal",
  "The game could not take what you want; your player stands still until you send something else.",
);

/** What all are told when a game's own code fails, once until it does not for a while. */
export const GAME_FAILED = refusal(
  "internal",
  "The game has a fault and may not go on as it should; whoever runs this server finds it in the log.",
);
