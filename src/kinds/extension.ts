import { type Kind, kind } from "../contract/kind.ts";
import type { ReservedContract } from "../contract/reserved-contract.ts";
import type { Grant, Refuses, Rules, Tx } from "../contract/rules.ts";
import type { Out, Schema } from "../contract/schema.ts";
import type { Refusal } from "../protocol/error.ts";
import type { Json } from "../protocol/json.ts";
import type { Audit } from "../protocol/log-line.ts";
import type { Saved, ServerPayloads } from "../protocol/server-frame.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import type { Actor } from "../room/actor.ts";
import type { Telling } from "../room/hooks/effect.ts";
import type { KindMemory, KindPorts, LogShape } from "../room/hooks/kind.ts";
import type { LogEvent } from "../room/log/log.ts";
import type { KindArchive } from "../room/store/archive.ts";

/**
 * What Hibiki's own kinds have beside a contract and rules, and a team's have not: commands of their
 * own, tables of their own, and a history that can be changed. Everything else of a kind is made alike
 * for all, in `running/`.
 */
export interface Extension<C extends ReservedContract, Memory extends KindMemory> {
  /** Whether people in a room are told of each other. */
  readonly presence: boolean;
  /** The type of the first frame that its rooms send, where that is not `joined_room`. */
  readonly greets?: "joined_document";
  /** Whether answers come before what all are told in the same flush. */
  readonly answersFirst?: true;
  /** How far apart flushes are at least, in milliseconds. */
  readonly gapMs?: number;
  /** The limits of its rooms, by those of the deployment, where they are others. */
  readonly limits?: (limits: RoomLimits) => RoomLimits;
  /** How its rooms are addressed, for descriptions of the protocol. */
  readonly address: RoomAddress;
  /** How its events lie in the log. */
  readonly log: LogShape;
  /** What of an export is its own. */
  readonly archive: KindArchive;
  /** What a room keeps in memory, out of its storage; it may answer for pages, greetings and upkeep. */
  open(ports: KindPorts): Memory;
  /**
   * What comes of each command once the grant and the rules have let it through, or why nothing does.
   * It changes nothing itself: it asks `tx` for it. What it is handed is neither copied nor frozen as
   * it is for rules: it is our own code, and runs for each frame of a flush.
   */
  readonly decide: {
    readonly [Type in keyof C["commands"]]: (
      command: Command<C, C["commands"][Type], Memory>,
    ) => Refusal | undefined;
  };
}

/** How rooms of a kind are addressed. */
export interface RoomAddress {
  /** What one of them is. */
  readonly title: string;
  /** The room's name, with its parameter in braces. */
  readonly room: string;
  readonly parameters: { readonly [name: string]: { readonly description: string } };
}

/** A command that is to be decided. */
export interface Command<C extends ReservedContract, Payload extends Schema, Memory> {
  readonly data: Out<Payload>;
  /** Its key, of what is stored; empty of the rest. */
  readonly messageId: string;
  /** `seq` of what it is about in the room that it comes from. */
  readonly source?: number | undefined;
  readonly actor: Actor;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly memory: Memory;
  readonly tx: Hands<C>;
}

/** What a decision may do: what rules may ({@link Tx}), and more. */
export interface Hands<C extends ReservedContract> extends Omit<Tx<C>, "append"> {
  /** Appends an event, under the command's own key when it is the first; its `seq`. */
  append<Type extends keyof C["events"] & string>(
    type: Type,
    data: Told<Type>,
    columns?: EventColumns,
  ): number;
  /** Puts another payload in the place of an event's. */
  rewrite(seq: number, payload: object, lastEdit?: number): void;
  /** Puts a tombstone in the place of an event and of what it was before. */
  erase(seq: number, tombstone: object): void;
  tell(telling: Telling): void;
  /** Says how far somebody has read; never beyond what is there. */
  receipt(userId: string, upTo: number): void;
  /** Has a deed told in the operator's log. */
  audit(audit: Audit): void;
  /** Changes what is in memory for the rest of the flush, and needs no storage. */
  remember(change: () => void): void;
  /** Writes to tables of the kind's own; what is to be told of it. */
  keep(write: () => readonly Telling[]): void;
  /** What its sender is told was stored, where that is not the first event of this command. */
  saved(saved: Saved): void;
  /** Has its sender show something of itself, or with `null` nothing any more; why that may not be. */
  present(data: Json): Refusal | undefined;
  /** Changes what is in memory although the command is refused: nothing of it is stored. */
  despite(change: () => void): void;
  /** Tells its sender to how many connections it went. */
  countReaders(): void;
}

/** What an event of a type tells, by the protocol. */
type Told<Type extends string> = Type extends keyof ServerPayloads ? ServerPayloads[Type] : unknown;

/** What stands in the row of an event beside what every event has. */
export type EventColumns = Pick<LogEvent, "target" | "lastEdit" | "told">;

/** An {@link Extension} whose types are not known any more: its kind's contract had them checked. */
export type AnyExtension = Extension<ReservedContract, KindMemory>;

/** One of Hibiki's own kinds. */
export interface ExtendedKind<C extends ReservedContract = ReservedContract> extends Kind<C> {
  readonly extension: AnyExtension;
}

/**
 * Makes one of Hibiki's own kinds: a kind as teams make theirs, and its extension.
 *
 * @throws {TypeError} for a rule of something that the contract does not have.
 */
export function extendedKind<C extends ReservedContract, Memory extends KindMemory>(
  contract: C,
  rules: Rules<C>,
  extension: Extension<C, Memory>,
): ExtendedKind<C> {
  const made = kind<C, Grant<C> | Refuses<C>>(contract, rules);
  // Its own decisions alone are handed its own memory, by whoever opened it.
  const erased = extension as unknown as AnyExtension;
  return Object.freeze({ ...made, extension: erased }) as ExtendedKind<C>;
}

/** The extension of a kind; `undefined` of a team's own. */
export function extensionOf(kind: Kind): AnyExtension | undefined {
  return "extension" in kind ? (kind as ExtendedKind).extension : undefined;
}
