import type { Refusal } from "../error.ts";
import type { Json } from "../json.ts";
import type { ClientFrameRows, ServerFrameRows } from "./row.ts";

/** A question to a room, which changes nothing. */
export interface Query {
  /** One of the queries of its contract. */
  readonly name: string;
  /** As that query's schema takes it. */
  readonly input?: Json | undefined;
}

/** What became of a query. */
export type Answer =
  | { readonly success: true; readonly output: Json }
  | { readonly success: false; readonly error: Refusal };

/** What is sent in every room of one of a team's own kinds, beside what its contract says. */
export interface OwnClientPayloads {
  readonly query: Query;
}

/** What is told in every such room, beside what its contract says. */
export interface OwnServerPayloads {
  readonly answer: Answer;
  /** The room's state after the event at a `seq`. */
  readonly state: { readonly state: Json; readonly seq: number };
}

/** The frames that every room of a team's own kind takes, where its contract has such a part. */
export const OWN_CLIENT_FRAMES = {
  query: { needs: ["read"], idempotent: true },
} as const satisfies ClientFrameRows<OwnClientPayloads>;

/** The frames that every room of a team's own kind sends, where its contract has such a part. */
export const OWN_SERVER_FRAMES = {
  answer: { socketOnly: true },
  state: {},
} as const satisfies ServerFrameRows<OwnServerPayloads>;
