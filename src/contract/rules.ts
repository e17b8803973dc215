import type { AnyContract, Member, RoomName, State, Stored } from "./contract.ts";
import type {} from "./environment.ts";
import type { CommonCode, Refusal } from "./refusal.ts";
import type { Frozen, In, Json, Out } from "./schema.ts";

/** What a grant may allow in a room. */
export type Permission = "read" | "write" | "publish" | "moderate";

/** A time span in words: `"30s"`, `"5m"`, `"24h"`. */
export type Span = `${number}${"s" | "m" | "h"}`;

/** What rules of a kind may refuse with. */
export type Refuses<C extends AnyContract> = Refusal<C["errors"][number] | CommonCode>;

/** What a person may do in a room, for how long, and what the room's rules know of it. */
export type Grant<C extends AnyContract> = {
  readonly can: readonly Permission[];
  readonly for?: Span;
} & (C["member"] extends undefined
  ? { readonly member?: undefined }
  : { readonly member: In<C["member"]> });

/** Someone with a token. */
export interface Person<C extends AnyContract> {
  readonly system: false;
  readonly id: string;
  readonly name: string;
  readonly member: Frozen<Member<C>>;
}

/** Who does something. The API key and the typed caller are `system`: they have no member. */
export type Actor<C extends AnyContract> =
  | Person<C>
  | {
      readonly system: true;
      readonly id: string;
      readonly name: string;
      readonly member?: undefined;
    };

/** What a rule may do, all of it in the transaction of what it is called for; 100 calls at most. */
export interface Tx<C extends AnyContract> {
  append<K extends keyof C["events"] & string>(type: K, data: In<C["events"][K]>): void;
  publish<K extends keyof C["signals"] & string>(type: K, data: In<C["signals"][K]>): void;
  /** @param at when it is due, milliseconds since the epoch. */
  schedule<K extends keyof C["timers"] & string>(
    timer: K,
    at: number,
    data: In<C["timers"][K]>,
  ): void;
  cancel(timer: keyof C["timers"] & string): void;
  notify(
    userId: string,
    notice: { readonly type: string; readonly title: string; readonly data?: Json },
  ): void;
  webhook(name: string, data: Json): void;
  /** Ends every connection of a person. */
  close(actorId: string): void;
}

/** Where a rule is called: the room as it is at this moment. */
export interface Here<C extends AnyContract> {
  readonly state: State<C>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly tx: Tx<C>;
}

/** What a client may send: of Hibiki's own kinds it is commands, their events are the room's alone. */
type Frames<C extends AnyContract> = C extends { readonly commands: infer Commands }
  ? Commands
  : C["events"] & C["signals"];

/** What of that is reviewed before it is queued. */
type Reviewed<C extends AnyContract> = C extends { readonly commands: infer Commands }
  ? Commands
  : C["events"];

/** Nothing, or the very data it was handed, keeps it; anything else is parsed as if it had been sent. */
type Kept<S, C extends AnyContract> = Refuses<C> | In<S> | Frozen<Out<S>> | undefined;

/** A room as any code of the Worker calls it. It may send what clients cannot. */
export interface Caller<C extends AnyContract> {
  readonly name: RoomName<C>;
  send<K extends keyof C["events"]>(
    type: K,
    data: In<C["events"][K]>,
    options: { readonly key: string },
  ): Promise<{ readonly seq: number; readonly duplicate: boolean }>;
  query<K extends keyof C["queries"]>(
    name: K,
    input: In<C["queries"][K]["input"]>,
  ): Promise<Out<C["queries"][K]["output"]>>;
  state(): Promise<State<C>>;
}

type Answers<C extends AnyContract> = {
  readonly [K in keyof C["queries"]]: (
    asked: {
      readonly input: Frozen<Out<C["queries"][K]["input"]>>;
      readonly actor: Actor<C>;
    } & Omit<Here<C>, "tx">,
  ) => In<C["queries"][K]["output"]> | Refuses<C>;
};

type TimerRules<C extends AnyContract> = {
  readonly [K in keyof C["timers"]]: (
    due: { readonly data: Frozen<Out<C["timers"][K]>> } & Here<C>,
  ) => void;
};

/** Required where the contract has some of it, impossible where it has none. */
type WhereThere<Part, Name extends string, Rule> = [keyof Part] extends [never]
  ? { readonly [K in Name]?: never }
  : { readonly [K in Name]: Rule };

/** The rules of a kind. `A` keeps the literals of what `authorize` answers. */
export type Rules<C extends AnyContract, A = Grant<C> | Refuses<C>> = {
  /** At the edge, before the room is asked. */
  readonly authorize?: (asked: {
    readonly actor: { readonly id: string; readonly name: string };
    readonly room: RoomName<C>;
    readonly grants: readonly Permission[];
    readonly request: Request;
    readonly env: Cloudflare.Env;
  }) => Promise<A>;
  /** In the room, before a frame is queued: a look elsewhere. */
  readonly review?: {
    readonly [K in keyof Reviewed<C>]?: (asked: {
      readonly data: Frozen<Out<Reviewed<C>[K]>>;
      readonly actor: Actor<C>;
      readonly env: Cloudflare.Env;
      /** Aborted once it takes too long, for whatever it asks elsewhere. */
      readonly signal: AbortSignal;
    }) => Promise<Kept<Reviewed<C>[K], C>>;
  } & { readonly onTimeout?: "refuse" | "pass" };
  /** In the flush, inside the transaction of what it decides. */
  readonly before?: {
    readonly [K in keyof Frames<C>]?: (
      asked: { readonly data: Frozen<Out<Frames<C>[K]>>; readonly actor: Actor<C> } & Here<C>,
    ) => Kept<Frames<C>[K], C>;
  };
  /** After the commit, at least once. */
  readonly after?: {
    readonly [K in keyof C["events"]]?: (
      event: Stored<C["events"][K]> & {
        readonly key: string;
        readonly room: Caller<C>;
        readonly env: Cloudflare.Env;
      },
    ) => Promise<void>;
  };
  /** A person's first connection came. */
  readonly joined?: (who: { readonly actor: Person<C> } & Here<C>) => void;
  /** A person's last connection went. */
  readonly left?: (who: { readonly actor: Person<C> } & Here<C>) => void;
  /** Nobody is left. */
  readonly empty?: (none: Here<C>) => void;
} & WhereThere<C["timers"], "timers", TimerRules<C>> &
  WhereThere<C["queries"], "queries", Answers<C>>;

/** A rule of the flush as it runs. */
export type AnyRule = (asked: unknown) => unknown;

/** {@link Rules} of a kind whose types are not known any more. */
export interface AnyRules {
  readonly authorize?: AnyRule;
  readonly review?: Readonly<Record<string, AnyRule | "refuse" | "pass">>;
  readonly before?: Readonly<Record<string, AnyRule>>;
  readonly timers?: Readonly<Record<string, AnyRule>>;
  readonly after?: Readonly<Record<string, AnyRule>>;
  readonly queries?: Readonly<Record<string, AnyRule>>;
  readonly joined?: AnyRule;
  readonly left?: AnyRule;
  readonly empty?: AnyRule;
}
