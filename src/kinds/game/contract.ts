import { reservedContract } from "../../contract/reserved-contract.ts";
import { server } from "../../contract/schema.ts";
import { gameClientSchemas } from "../../protocol/frames/game-schema.ts";
import { presenceClientSchemas } from "../../protocol/frames/presence-schema.ts";
import { SERVER_PAYLOADS } from "../../protocol/server-frame-schema.ts";

const { game_state, user_updated } = SERVER_PAYLOADS;

/** What both ends of a game know, whichever game it is: what players want, and where they are. */
export const gameContract = reservedContract("game", {
  events: {},
  signals: { game_state: server(game_state), user_updated: server(user_updated) },
  commands: { ...gameClientSchemas, ...presenceClientSchemas },
});
