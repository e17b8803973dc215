import { Bundle, type WireMessage } from "../protocol/bundle.ts";
import type { EncodedFrame } from "../protocol/encoded-frame.ts";
import { iso } from "../protocol/iso.ts";
import { BOUNDS } from "../protocol/limits.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import { type Connection, isSilent } from "./connection.ts";
import type { Counters } from "./counters.ts";
import type { Parcel } from "./fan-out.ts";
import { answerFrame, type Outcome } from "./outcome.ts";
import type { Submission } from "./queue.ts";
import type { RoomSockets } from "./sockets.ts";
import { isLookDue, looked } from "./unread.ts";

/** The way out to connections: what goes through it is counted, and who does not read is found. */
export class Outlet {
  readonly #sockets: RoomSockets;
  readonly #counters: Counters;
  readonly #limits: RoomLimits;
  #parcels: Iterator<Parcel, void> | undefined;

  constructor(sockets: RoomSockets, counters: Counters, limits: RoomLimits) {
    this.#sockets = sockets;
    this.#counters = counters;
    this.#limits = limits;
  }

  /** Sends one message as it goes over the wire. */
  send(connection: Connection, message: WireMessage): void {
    this.#sockets.send(connection.id, message);
    this.#counters.sent(message);
    const { unread } = connection;
    connection.unread = { ...unread, bytes: unread.bytes + message.length };
  }

  /** Whether {@link proceed} has something left to send. */
  get isSending(): boolean {
    return this.#parcels !== undefined;
  }

  /** Takes over what a flush tells; {@link proceed} sends it. */
  take(parcels: Iterator<Parcel, void>): void {
    this.#parcels = parcels;
  }

  /**
   * Sends one portion of it. The platform copies what it is handed, and sends nothing of that before
   * the turn is over: a whole flush to a thousand readers could be hundreds of megabytes.
   */
  proceed(): void {
    let sends = 0;
    let bytes = 0;
    while (sends < BOUNDS.portionSends && bytes < BOUNDS.portionBytes) {
      const next = this.#parcels?.next();
      if (next?.value === undefined) {
        this.#parcels = undefined;
        return;
      }
      const { connection, message } = next.value;
      this.send(connection, message);
      sends += 1;
      bytes += message.length;
    }
  }

  /** Sends frames to one connection, without waiting for a flush. */
  sendNow(connection: Connection, frames: readonly EncodedFrame[], now: number): void {
    for (const message of new Bundle(frames, iso(now)).messages(connection.session.wire)) {
      this.send(connection, message);
    }
  }

  /** Answers a frame that no flush will settle: over HTTP, or to the connection that sent it. */
  answerNow(
    sender: Connection | undefined,
    { messageId, at, answer }: Submission,
    outcome: Outcome,
  ): void {
    if (answer !== undefined) {
      answer(outcome);
      return;
    }
    const frame = answerFrame(messageId, outcome, at);
    if (sender !== undefined && frame !== undefined) this.sendNow(sender, [frame], at);
  }

  /** The connections that do not read: what they are owed would stay in memory. */
  unread(connections: Iterable<Connection>, now: number): readonly Connection[] {
    const { unreadBytes, heartbeatMs } = this.#limits;
    return [...connections].filter((connection) => {
      if (!isLookDue(connection.unread, unreadBytes)) return false;
      const answeredAt = this.#sockets.answeredAt(connection.id);
      connection.unread = looked(connection.unread, answeredAt);
      return (
        connection.unread.bytes >= unreadBytes || isSilent(connection, answeredAt, heartbeatMs, now)
      );
    });
  }
}
