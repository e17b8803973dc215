import type { LiveRoom } from "../client/live-room.ts";
import type { AnyContract, RoomName, State } from "../contract/contract.ts";
import type {} from "../contract/environment.ts";
import type { Caller, Permission } from "../contract/rules.ts";
import type { In } from "../contract/schema.ts";
import type { AfterRecord, NoticeRecord, WebhookRecord } from "./records.ts";

/** How a room under test begins. */
export interface TestRoomOptions {
  /** Of all that is left to chance, ids above all: the same gives the same run; 1 when absent. */
  readonly seed?: number;
  /** What rules are handed that run outside of the room. */
  readonly env?: Partial<Cloudflare.Env>;
  /** When it begins, milliseconds since the epoch; the first of 2026 (UTC) when absent. */
  readonly now?: number;
}

/** Who joins, and as what. */
export interface Guise {
  /** The user's id when absent. */
  readonly name?: string;
  /** What the person may do; reading, writing and publishing when absent. */
  readonly can?: readonly Permission[];
}

/** As whom somebody joins. */
export type Joining<C extends AnyContract> = Guise &
  (C["member"] extends undefined
    ? { readonly member?: undefined }
    : { readonly member: In<C["member"]> });

/** A room of a kind under plain Node, on a clock that stands still but for what is waited for. */
export interface RoomKit<C extends AnyContract> {
  /** The room's name. */
  readonly name: RoomName<C>;
  /** Somebody comes in, as with a token of that user; the rule `authorize` is not asked. */
  join(
    userId: string,
    ...options: C["member"] extends undefined ? [options?: Joining<C>] : [options: Joining<C>]
  ): Promise<LiveRoom<C>>;
  /** Sends as code of the Worker does, by the typed caller: what clients cannot, too. */
  send: Caller<C>["send"];
  /** Asks as code of the Worker does. */
  query: Caller<C>["query"];
  /**
   * All that is under way comes to its end: what was sent is stored and told, whoever was cut off is
   * back, rules after events have run. Passes no more time than that takes.
   */
  flush(): Promise<void>;
  /** The process dies: memory and connections are gone, what was acknowledged is stored. */
  crash(): Promise<void>;
  /** The room falls asleep: memory is gone, connections stay. The next that comes wakes it. */
  hibernate(): Promise<void>;
  /** So many milliseconds pass, with all that is due in them. */
  advance(ms: number): Promise<void>;
  /** The state by all that is stored. */
  readonly state: State<C>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Rows written so far, as the platform bills them, but for those of indexes. */
  readonly writes: number;
  /** Runs of rules after events. */
  readonly afters: readonly AfterRecord[];
  /** What rules told webhooks by `tx.webhook`. */
  readonly webhooks: readonly WebhookRecord[];
  /** What rules told inboxes by `tx.notify`, once it is there. */
  readonly notices: readonly NoticeRecord[];
  /** What rules threw beside refusals, in the order in which they did. */
  readonly failures: readonly unknown[];
}
