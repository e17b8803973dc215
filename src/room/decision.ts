import type { Refusal } from "../protocol/error.ts";
import type { LogKind } from "../protocol/room-name.ts";
import type { Saved } from "../protocol/server-frame.ts";
import type { Actor } from "./actor.ts";
import type { Known } from "./dedupe/request-memory.ts";
import type { Effect } from "./effect.ts";
import type { LogEntry, RequestName } from "./log.ts";

/** What a decision may look at. */
export interface RoomView {
  readonly name: string;
  readonly kind: LogKind;
  /** Names this life of the log. */
  readonly epoch: string;
  /** `seq` of the newest event, those decided earlier in the same flush included. */
  readonly head: number;
  entry(seq: number): LogEntry | undefined;
  /** What is known of an earlier request of this user under this messageId. */
  known(name: RequestName): Known | undefined;
  /** `seq` of the newest reaction that said just this, as far as it is worth looking for. */
  reactionEvent(target: number, payload: string): number | undefined;
  isTyping(connectionId: string | undefined): boolean;
  /** `seq` of what another room delivered to this inbox under a key. */
  delivered(key: string): number | undefined;
  /** Whether the room knows a person, who may then hear of a mention. */
  knows(userId: string): boolean;
  /** Why an actor may not tell so many people of a message now. */
  refusesMentions(actor: Actor, people: number, now: number): Refusal | undefined;
  /** Why this inbox takes no notice from another room now. */
  refusesArrival(now: number): Refusal | undefined;
  /** Whether the topic can keep a value of this event. */
  keepsLast(event: string): boolean;
}

/** What becomes of a frame: effects and, for durable ones, what was saved; or why not. */
export type Decision =
  | { readonly ok: true; readonly effects: readonly Effect[]; readonly saved?: Saved }
  | Refused;

/** A frame that changes nothing, and why. */
export interface Refused {
  readonly ok: false;
  readonly error: Refusal;
}

/** A frame that was accepted. */
export function accepted(effects: readonly Effect[], saved?: Saved): Decision {
  return saved === undefined ? { ok: true, effects } : { ok: true, effects, saved };
}

/** A frame that was not. */
export function refused(error: Refusal): Refused {
  return { ok: false, error };
}
