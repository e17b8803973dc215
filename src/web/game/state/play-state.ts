import type { Connection, Problem } from "../../connection/connection.ts";

/** How one is in the game, as the page knows it. */
export interface PlayState {
  readonly connection: Connection;
  readonly part: Part;
  /** Whether the network lets no WebSocket through: what else it does only hears, or not even that. */
  readonly lacksSocket: boolean;
  /** Why the server gives one no player, if it said so. */
  readonly refusal: Problem | undefined;
}

/** What one does there. */
export type Part =
  /** The server has not said yet. */
  | { readonly does: "nothing" }
  | { readonly does: "play"; readonly playerId: number }
  | { readonly does: "watch" };
