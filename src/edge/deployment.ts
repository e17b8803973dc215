import type { AnyContract } from "../contract/contract.ts";
import type { Env } from "./env.ts";
import type { Gate } from "./gate.ts";

/** What makes the edge of one deployment another than that of the next, beside its settings. */
export interface Deployment {
  /** What both ends know of each of its own kinds of room, by the prefix of their names. */
  readonly contracts: ReadonlyMap<string, AnyContract>;
  /** The binding of static assets that has Hibiki's own pages; `undefined` where there are none. */
  readonly pages: string | undefined;
  /** Who may do what in rooms. */
  readonly gate: Gate;
  /** Describes the frames. */
  readonly asyncApi: LoadDescribe;
}

/** A deployment as it is described, at one place. */
export interface Mounted extends Pick<Deployment, "contracts"> {
  /** Whether a kind of it has a rule on who may be in its rooms. */
  readonly authorizes: boolean;
  /** The path below which it is; empty when it is the whole Worker. */
  readonly base: string;
}

/** The default deployment, as the whole Worker. */
export const WHOLE: Mounted = { base: "", contracts: new Map(), authorizes: false };

/** The contract of a room of one of its own kinds, by the room's name; `undefined` of any other room. */
export function contractOf(
  { contracts }: Pick<Deployment, "contracts">,
  room: string,
): AnyContract | undefined {
  const colon = room.indexOf(":");
  return colon > 0 ? contracts.get(room.slice(0, colon)) : undefined;
}

/** What makes a description of ours, for a deployment's bound on a message's length. */
export type Describe = (version: string, contentChars: number, mounted: Mounted) => object;

/** Gets what makes one, when somebody first asks: a Worker that starts has better things to do. */
export type LoadDescribe = (env: Env) => Promise<Describe>;
