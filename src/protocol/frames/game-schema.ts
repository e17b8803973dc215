import * as z from "zod";
import { describes } from "../describes.ts";
import { jsonSchema } from "../field-schema.ts";
import { GAME_BOUNDS } from "../game-limits.ts";
import type { GameServerPayloads } from "./game.ts";

const countSchema = z.int().min(0);
const idSchema = z.int().min(1);

/** Schemas of what is sent in a game. */
export const gameClientSchemas = {
  player_input: jsonSchema(GAME_BOUNDS.inputBytes),
};

/** Schemas of what is told in a game. */
export const gameServerSchemas = {
  game_state: describes<GameServerPayloads["game_state"]>()(
    z.object({
      tick: countSchema,
      players: z.array(z.array(z.int())),
      gone: z.array(idSchema).exactOptional(),
      full: z.literal(true).exactOptional(),
      shared: z.array(z.int()).exactOptional(),
      who: z.array(z.tuple([idSchema, z.string(), z.string()])).exactOptional(),
    }),
  ),
};
