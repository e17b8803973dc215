import { Places } from "../places/places.ts";

/** The arenas, in which one plays, or only watches. */
export const ARENAS = new Places({
  page: "/game",
  prefix: "game:",
  first: "arena",
  less: "watch",
  key: "hibiki.arenas",
});
