import type { AnyContract, Member, Presence, Stored } from "../contract/contract.ts";
import type { HibikiCode } from "../contract/refusal.ts";
import type { Frozen, In, Out, ServerOnly } from "../contract/schema.ts";
import type { Refusal } from "../protocol/error.ts";
import type { Permission } from "../protocol/grant.ts";
import type { Deadline } from "./deadline.ts";
import type { StoreOptions } from "./entered-room.ts";
import type { ClientErrorCode } from "./error.ts";

/** Events that a client may send: {@link server} keeps it from the others. */
export type Sendable<C extends AnyContract> = {
  [K in keyof C["events"]]: C["events"][K] extends ServerOnly ? never : K;
}[keyof C["events"]];

/**
 * What a listener to an event or a signal is called with; a signal is not stored, and has no `seq`.
 * `error` is no event: no contract may call one that.
 */
export type Heard<C extends AnyContract, K> = K extends "error"
  ? RoomRefusal<C>
  : K extends keyof C["events"]
    ? Stored<C["events"][K]>
    : K extends keyof C["signals"]
      ? Omit<Stored<C["signals"][K]>, "seq">
      : never;

/** What may be listened to in a room: its events, its signals, and refusals. */
export type Hearable<C extends AnyContract> = keyof C["events"] | keyof C["signals"] | "error";

/** All of that with what its listeners are called with. */
export type LiveEvents<C extends AnyContract> = {
  readonly [K in Hearable<C>]: readonly [event: Heard<C, K>];
};

/** What this user may do in a room, and what its rules know of them. */
export interface You<C extends AnyContract> {
  readonly can: readonly Permission[];
  readonly member: Frozen<Member<C>>;
}

/** A `seq` in rooms whose contract has `receipts`; nothing is one in others. */
export type ReadSeq<C extends AnyContract> = C["receipts"] extends true ? number : never;

/** Somebody who is here, with what they show of themselves. */
export interface PersonHere<C extends AnyContract> {
  readonly userId: string;
  readonly name: string;
  readonly data?: Frozen<Presence<C>>;
}

/** How an event is sent, and how long it is waited for. */
export interface LiveSendOptions extends StoreOptions {
  /**
   * Folds it into {@link LiveRoom.state} at once, over what is settled, until the event itself comes
   * or is refused.
   */
  readonly optimistic?: boolean | undefined;
}

/** Where an event was stored. */
export interface Sent {
  readonly seq: number;
  /** Whether an earlier transmission of the same messageId had stored it already. */
  readonly duplicate: boolean;
}

/** Codes that something asked of a room of this kind may be refused with. */
export type CodeOf<C extends AnyContract> = C["errors"][number] | HibikiCode | ClientErrorCode;

/** A room's refusal, as it tells one. */
export interface RoomRefusal<C extends AnyContract> extends Omit<Refusal, "code" | "data"> {
  readonly code: CodeOf<C>;
  /** What the room's rules say beside it, as JSON. */
  readonly data?: unknown;
}

/** Why something that was asked of a room of this kind did not happen. */
export interface LiveRefusal<C extends AnyContract> extends Error, RoomRefusal<C> {
  readonly message: string;
}

/** What may be done in a room of a team's own kind. */
export interface Acts<C extends AnyContract> {
  /**
   * Sends an event, now or as soon as there is a connection. Resolves when it is stored.
   *
   * @throws {RealtimeError} (as a rejection) the room's refusal, with a code of its contract or one of
   * Hibiki's, see {@link refusal}; `disconnected`, `timeout`, `aborted`, `outbox_full`, `too_large`,
   * `invalid_frame`.
   */
  send<K extends Sendable<C>>(
    type: K,
    data: In<C["events"][K]>,
    options?: LiveSendOptions,
  ): Promise<Sent>;
  /**
   * Tells who is connected now; not stored, not repeated. `false` when it was not handed to an open
   * connection, or the quota is used up. What the room refuses, {@link on} tells as `error`.
   *
   * @throws {RealtimeError} `invalid_frame` for what JSON cannot carry, `too_large`.
   */
  signal<K extends keyof C["signals"]>(type: K, data: In<C["signals"][K]>): boolean;
  /**
   * Shows something of this user to the others while it is here; `null` takes it back. By WebSocket
   * alone: HTTP has no request for it.
   *
   * @throws {RealtimeError} `invalid_frame` for what JSON cannot carry; `too_large`, which is reported
   * instead where there was no connection yet.
   */
  present(data: In<C["presence"]> | null): void;
  /**
   * This user has read up to this `seq`, where the contract has `receipts`. Only ever moves up, and goes
   * out at most once a second.
   *
   * @throws {RealtimeError} `invalid_request` when it is no `seq`.
   */
  read(upTo: ReadSeq<C>): void;
  /**
   * Asks the room. Waits 15 s for its answer, connection and all, unless told otherwise.
   *
   * @throws {RealtimeError} (as a rejection) as {@link send} does.
   */
  query<K extends keyof C["queries"]>(
    name: K,
    input: In<C["queries"][K]["input"]>,
    deadline?: Deadline,
  ): Promise<Out<C["queries"][K]["output"]>>;
  /**
   * Listens to one type of event or signal, until the function returned is called. `error` tells what
   * the room has refused that nothing rejects with: a signal, or what this user shows.
   */
  on<K extends Hearable<C>>(type: K, hear: (event: Heard<C, K>) => void): () => void;
}
