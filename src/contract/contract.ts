import { checkShape, initialState } from "./contract-check.ts";
import { contractHash } from "./contract-hash.ts";
import { frozen } from "./frozen.ts";
import type { Frozen, In, Out, Queries, Schema, Schemas, Untyped } from "./schema.ts";

/** A stored event, the same for `apply`, `on` and `after`. */
export interface Stored<S> {
  readonly data: Frozen<Out<S>>;
  /** Who caused it; on the wire it is `userId`. */
  readonly actorId: string;
  readonly seq: number;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** How events change the state; an event without one changes nothing. Pure, on both ends. */
export type Apply<E, S, N extends NextStates<E, S>> = {
  readonly [K in keyof N]?: (
    state: Frozen<Out<S>>,
    event: Stored<K extends keyof E ? E[K] : never>,
  ) => N[K];
};

/**
 * What `apply` answers, by event. Types of their own: TypeScript looks at what a function answers while
 * those of the contract are still open, and keeps the literals in it for these alone.
 */
export type NextStates<E, S> = { readonly [K in keyof E]?: Frozen<Out<S>> };

/** {@link Apply} of a contract whose types are not known any more. */
export interface AnyApply {
  readonly [event: string]: ((state: never, event: never) => unknown) | undefined;
}

/**
 * Steps from version n to n + 1, by n and by event; what an old version looked like no type knows. The
 * step `state` is for a snapshot that cannot be folded anew because its log was trimmed.
 */
export interface Migrations {
  readonly [version: number]: { readonly [event: string]: (old: Untyped) => unknown };
}

/** What both ends of a kind of room know. */
export interface Contract<
  P extends string = string,
  E = Schemas,
  G = Schemas,
  S = Schema | undefined,
  M = Schema | undefined,
  R = Schema | undefined,
  Q = Queries,
  T = Schemas,
  X extends string = string,
  D extends boolean = boolean,
> {
  /** What names of its rooms begin with, before the colon. */
  readonly prefix: P;
  readonly version: number;
  /** The oldest version that clients may still have. */
  readonly oldest: number;
  /** Differs when two ends cannot fold the same events; see `contract-hash.ts`. */
  readonly hash: string;
  readonly events: E;
  readonly signals: G;
  readonly state: S;
  /** What state a room begins with; `undefined` without state. */
  readonly initial: Frozen<Out<S>>;
  readonly apply: AnyApply;
  readonly member: M;
  readonly presence: R;
  readonly queries: Q;
  readonly timers: T;
  readonly errors: readonly X[];
  /** Whether it is kept and told how far each person has read. */
  readonly receipts: D;
  readonly migrate: Migrations;
}

/** A contract of whatever kind. */
export type AnyContract = Contract;

/** The state of a room. */
export type State<C extends AnyContract> = Frozen<Out<C["state"]>>;
/** What `authorize` says of a person. */
export type Member<C extends AnyContract> = Out<C["member"]>;
/** What a person shows of itself while it is here. */
export type Presence<C extends AnyContract> = Out<C["presence"]>;
/** A name of a room of this kind. */
export type RoomName<C extends AnyContract> = `${C["prefix"]}:${string}`;

type Empty = Record<never, never>;

/** What a contract is made of. */
export type ContractShape<
  E,
  G,
  S,
  M,
  R,
  Q,
  T,
  X extends string,
  D extends boolean,
  N extends NextStates<NoInfer<E>, NoInfer<S>>,
> = {
  /** Raised when events or state change their shape; 1 when absent. */
  readonly version?: number;
  /** The oldest version that clients may still have; 1 when absent. */
  readonly oldest?: number;
  /** What is stored, told and folded; {@link server} keeps clients from sending one. */
  readonly events?: E;
  /** What is told and not stored; it needs the grant `publish`. */
  readonly signals?: G;
  readonly state?: S;
  readonly member?: M;
  readonly presence?: R;
  readonly queries?: Q;
  /** Named and durable, one of each a room. */
  readonly timers?: T;
  /** Codes that its rules may refuse with. */
  readonly errors?: readonly X[];
  /** Has the room keep and tell how far each person has read, as a chat does; `false` when absent. */
  readonly receipts?: D;
  readonly apply?: Apply<NoInfer<E>, NoInfer<S>, N>;
  readonly migrate?: Migrations;
} & ([S] extends [Schema] ? { readonly initial: NoInfer<In<S>> } : { readonly initial?: never });

/**
 * Says what both ends of a kind of room know. Pure: for servers, browsers and plain Node.
 *
 * @param prefix what names of its rooms begin with: `poll` for `poll:lunch`.
 * @throws {TypeError} that says what is wrong with it and what to do.
 */
export function contract<
  const P extends string,
  E extends Schemas = Empty,
  G extends Schemas = Empty,
  S extends Schema | undefined = undefined,
  M extends Schema | undefined = undefined,
  R extends Schema | undefined = undefined,
  Q extends Queries = Empty,
  T extends Schemas = Empty,
  const X extends string = never,
  const D extends boolean = false,
  const N extends NextStates<NoInfer<E>, NoInfer<S>> = NextStates<E, S>,
>(
  prefix: P,
  shape: ContractShape<E, G, S, M, R, Q, T, X, D, N>,
): Contract<P, E, G, S, M, R, Q, T, X, D> {
  checkShape(prefix, shape);
  // Absent parts stand for the defaults of the type parameters, which only a caller can choose.
  const whole = wholeOf(prefix, shape, initialState(prefix, shape)) as object;
  return whole as Contract<P, E, G, S, M, R, Q, T, X, D>;
}

/** A contract of a shape in which nothing is wrong. */
export function wholeOf(prefix: string, shape: AnyShape, initial: unknown): AnyContract {
  const { version = 1, oldest = 1, apply = {}, errors = [], migrate = {} } = shape;
  const made = {
    prefix,
    version,
    oldest,
    events: Object.freeze({ ...shape.events }),
    signals: Object.freeze({ ...shape.signals }),
    state: shape.state,
    // All rooms of a kind begin with this very value.
    initial: frozen(initial),
    apply: Object.freeze({ ...apply }),
    member: shape.member,
    presence: shape.presence,
    queries: Object.freeze({ ...shape.queries }),
    timers: Object.freeze({ ...shape.timers }),
    errors: Object.freeze([...errors]),
    receipts: shape.receipts === true,
    migrate: Object.freeze({ ...migrate }),
  };
  return Object.freeze({ ...made, hash: contractHash(made) });
}

/** A {@link ContractShape} whose types are not known any more. */
interface AnyShape {
  readonly version?: number | undefined;
  readonly oldest?: number | undefined;
  readonly events?: Schemas | undefined;
  readonly signals?: Schemas | undefined;
  readonly state?: Schema | undefined;
  readonly member?: Schema | undefined;
  readonly presence?: Schema | undefined;
  readonly queries?: Queries | undefined;
  readonly timers?: Schemas | undefined;
  readonly errors?: readonly string[] | undefined;
  readonly receipts?: boolean | undefined;
  readonly apply?: AnyApply | undefined;
  readonly migrate?: Migrations | undefined;
}
