import type { Counted } from "../../protocol/ack.ts";
import type { EncodedFrame } from "../../protocol/encoded-frame.ts";
import type { Refusal } from "../../protocol/error.ts";
import type { Connection } from "../connections/connection.ts";
import type { RoomFrame } from "../frame.ts";

/** How a room of a kind with a clock stands after a tick, for somebody. */
export interface Standpoint {
  /** By whose eyes: {@link told} means nothing to those who were told before by other eyes. */
  readonly view: object;
  /** What the tick has changed, for those who were told what was before. */
  readonly told: EncodedFrame;
  /** All of it, for those who were not. Made when it is asked for. */
  readonly whole: EncodedFrame;
}

/** What the code of a kind could not do, and for whom. */
export interface Wronged {
  readonly connectionIds: readonly string[];
  readonly error: Refusal;
}

/** How the clock of a room stands. */
export interface ClockStanding {
  readonly tick: number;
  /** How many play, those who are waited for included. */
  readonly players: number;
  /** Ticks that were left out after stalls, since the room was begun or woke. */
  readonly skippedTicks: number;
}

/**
 * What goes on by itself in a room while somebody is there: neither stored nor in the log. Every `now`
 * is milliseconds since the epoch.
 */
export interface RoomClock {
  /** Whether frames of this type are for it, at once and not in a flush. */
  hears(type: string): boolean;
  /** A frame for it, which counts from the next {@link tick} on; why it is refused. */
  hear(frame: RoomFrame, connection: Connection, now: number): Refusal | undefined;
  /** When what somebody said before the last {@link tick} first counted, or why it does not. */
  outcomeOf(connection: Connection): Counted | Refusal;
  /** Somebody has come. Whoever outlived a sleep is not here until it has come again. */
  enter(connection: Connection, now: number): void;
  /**
   * Somebody is gone.
   *
   * @param mayComeBack whether it did not mean to.
   */
  leave(connection: Connection, mayComeBack: boolean, now: number): void;
  /** When {@link tick} is due; `undefined` while nobody is here. */
  readonly dueAt: number | undefined;
  /** Does what is due; whether there was anything, and so something to tell. */
  tick(now: number): boolean;
  /** What somebody is to be told of the last tick. */
  standpointOf(connection: Connection): Standpoint;
  /** Who is to be told that something went wrong. */
  takeWronged(): readonly Wronged[];
  readonly standing: ClockStanding;
  /** Whether a flush is to store something of it. */
  readonly hasUnsaved: boolean;
  /** Until when it waits for somebody to come back, `-Infinity` when for nobody. */
  readonly waitsUntil: number;
  /** What may have been sent to somebody and not been read yet before it is told no more, in bytes. */
  readonly unreadBytes: number;
}
