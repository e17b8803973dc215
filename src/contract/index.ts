export {
  type AnyContract,
  type Contract,
  contract,
  type Member,
  type Presence,
  type RoomName,
  type State,
  type Stored,
} from "./contract.ts";
// Brings its namespace along to whoever has no types of the platform.
export type * from "./environment.ts";
export {
  type Game,
  type GameFields,
  type GameRules,
  game,
  type Here as GameHere,
  type Player,
  type Shared as GameShared,
} from "./game.ts";
export { type Kind, kind } from "./kind.ts";
export type { CommonCode, HibikiCode, Refusal, RefusalOptions } from "./refusal.ts";
export { refuse } from "./refusal.ts";
export type { Actor, Caller, Grant, Here, Permission, Person, Rules, Span, Tx } from "./rules.ts";
export {
  type Frozen,
  type In,
  type Json,
  type Out,
  type Schema,
  type ServerOnly,
  server,
} from "./schema.ts";
export type { StandardSchemaV1 } from "./standard-schema.ts";
