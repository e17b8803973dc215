import type { WireMessage } from "../../protocol/bundle.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { iso } from "../../protocol/iso.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { RoomLimits } from "../../protocol/settings.ts";
import { type Connection, isExpired } from "../connections/connection.ts";
import { aliveAt, isSilent } from "../connections/silence.ts";
import type { RoomSockets } from "../connections/sockets.ts";
import type { Counters } from "../counting/counters.ts";
import type { CatchUp } from "../log/catch-up.ts";
import type { RoomPorts } from "../ports.ts";
import { Debtors } from "./debtors.ts";
import type { Parcel } from "./fan-out.ts";
import { markStaggerBytes } from "./mark-stagger.ts";
import { messagesFor } from "./messages-for.ts";
import { Recalls } from "./recalls.ts";
import { UnreadBudget } from "./unread-budget.ts";

type OutletPorts = Pick<RoomPorts, "sockets" | "limits" | "newId" | "random">;

/**
 * The way out to connections: a flush goes through it in portions, and so does what one of them
 * missed; what goes through it is counted, and who does not read is found.
 */
export class Outlet {
  readonly #sockets: RoomSockets;
  readonly #counters: Counters;
  readonly #limits: RoomLimits;
  readonly #newId: () => string;
  readonly #budget: UnreadBudget;
  readonly #debtors: Debtors;
  readonly #recalls: Recalls;
  readonly #behind = new Set<Connection>();
  #parcels: Iterator<Parcel, void, number> | undefined;
  #mayCatchUp = false;

  constructor(counters: Counters, { sockets, limits, newId, random }: OutletPorts) {
    this.#sockets = sockets;
    this.#counters = counters;
    this.#limits = limits;
    this.#newId = newId;
    this.#budget = new UnreadBudget(limits.marks);
    this.#debtors = new Debtors(this.#budget, (connection) => this.#look(connection));
    this.#recalls = new Recalls(this.#budget, limits.marks, random);
  }

  /** Whether {@link proceed} is to be called again. */
  get isSending(): boolean {
    return this.#parcels !== undefined;
  }

  /** Whether {@link catchUp} has something to send now. */
  get mayCatchUp(): boolean {
    return this.#mayCatchUp;
  }

  /** Whether {@link recalled} may have somebody to call back. */
  get mayRecall(): boolean {
    return this.#budget.doubtedExcess > 0;
  }

  /**
   * Whether {@link catchUp} is to be called again soon, though nothing may be sent now: for those whose
   * pings have to be looked for. Others will say something.
   */
  get holdsBack(): boolean {
    if (this.#mayCatchUp) return false;
    return [...this.#behind].some(
      ({ session, unread }) => session.paced !== true && !unread.isProven,
    );
  }

  /** Takes over what a flush tells, once nothing {@link isSending}; {@link proceed} sends it. */
  take(parcels: Iterator<Parcel, void, number>): void {
    this.#parcels = parcels;
  }

  /** Leaves untold what is yet to be sent of a flush. */
  drop(): void {
    this.#parcels = undefined;
  }

  /** Sends one portion of it. What cannot be packed throws, and nothing more is sent of that flush. */
  proceed(now: number): void {
    const parcels = this.#parcels;
    this.#parcels = undefined;
    let sends = 0;
    let units = 0;
    while (sends < BOUNDS.portionSends && units < BOUNDS.portionUnits) {
      const next = parcels?.next(now);
      if (next === undefined || next.done) {
        this.#counters.told();
        return;
      }
      const { connection, message } = next.value;
      if (connection.state === "closed") continue;
      this.#tell(connection, message, now);
      sends += 1;
      units += message.length;
    }
    this.#parcels = parcels;
  }

  /** Sends frames to one connection, without waiting for a flush. */
  sendNow(connection: Connection, frames: readonly EncodedFrame[], now: number): void {
    this.tellNow(connection, messagesFor(connection, frames, now), now);
  }

  /** The same of frames that are packed already, as many are sent them. */
  tellNow(connection: Connection, messages: readonly WireMessage[], now: number): void {
    for (const message of messages) this.#tell(connection, message, now);
  }

  /** Begins to send what a connection missed; {@link catchUp} goes on with it. */
  resume(connection: Connection, catchUp: CatchUp, now: number): void {
    connection.catchUp = catchUp;
    this.#behind.add(connection);
    this.#advance(connection, catchUp, now);
    if (catchUp.isOver) return;
    this.#mayCatchUp = true;
    this.#save(connection, true);
  }

  /** Sends the next portions of what connections missed, as far as one turn may, and as their peers read. */
  catchUp(now: number): void {
    this.#mayCatchUp = false;
    let portions = BOUNDS.portionUnits / BOUNDS.catchUpPortionUnits;
    for (const connection of this.#behind) {
      const { catchUp, state } = connection;
      if (state !== "open" || catchUp === undefined) this.#behind.delete(connection);
      else if (this.#mayAdvance(connection, catchUp, now)) {
        // To the end of the row: the others have their turn first.
        this.#behind.delete(connection);
        this.#behind.add(connection);
        this.#advance(connection, catchUp, now);
        portions -= 1;
        if (portions <= 0) break;
      }
    }
    this.#mayCatchUp = [...this.#behind].some(
      (connection) =>
        connection.catchUp !== undefined && this.#mayAdvance(connection, connection.catchUp, now),
    );
  }

  /** A peer spoke. */
  heard(connection: Connection): void {
    this.#budget.change(connection, (unread) => unread.alive());
    if (connection.catchUp !== undefined) this.#mayCatchUp = true;
  }

  /** A peer answered a mark: it has read up to there. False when it is not the one that is waited for. */
  marked(connection: Connection, id: string): boolean {
    const isAnswer = this.#budget.change(connection, (unread) => unread.answered(id));
    if (isAnswer && connection.catchUp !== undefined) this.#mayCatchUp = true;
    return isAnswer;
  }

  /** Whether more would only pile up at a connection: for what is better told anew when that is over. */
  isClogged(connection: Connection, now: number): boolean {
    const { unread, catchUp } = connection;
    if (catchUp !== undefined) return true;
    const { unreadBytes } = this.#limits;
    const share = unread.isProven ? BOUNDS.markShareBytes : BOUNDS.unreadShareBytes;
    const most = Math.min(share, unreadBytes / 2);
    if (unread.bytes < most) return false;
    if (!unread.isProven) this.#look(connection);
    // Nothing more is sent that would bring one.
    else if (!unread.isMarked) this.#mark(connection, now);
    return unread.bytes >= most;
  }

  /**
   * Whether a connection has so much yet to read, as far as its marks tell: it is asked for them early
   * enough. Those that answer none are not, as long as it is not too much together.
   */
  isBehind(connection: Connection, bytes: number, now: number): boolean {
    const { unread, catchUp } = connection;
    if (!unread.isMarked && unread.unprovenBytes >= bytes / 2) this.#mark(connection, now);
    if (catchUp !== undefined) return true;
    return unread.isProven
      ? unread.bytes >= bytes
      : unread.doubted > 0 && this.#budget.isDoubtedTooMuch;
  }

  /** Keeps with a connection's socket whether it is owed something that a sleep would make forgotten. */
  owes(connection: Connection, isBehind: true | undefined): void {
    if (connection.catchUp !== undefined || connection.session.isBehind === isBehind) return;
    this.#save(connection, isBehind);
  }

  /** A connection is out of the room; `wasClosed` by the room, and not ended by its peer. */
  left(connection: Connection, wasClosed: boolean): void {
    this.#behind.delete(connection);
    this.#budget.left(connection, wasClosed);
  }

  /** The socket of a connection that the room had closed has ended. */
  ended(id: string): void {
    this.#budget.ended(id);
    this.#recalls.ended(id);
  }

  /** The connections that are to come back, for want of another proof that they read, where one is required. */
  recalled(connections: Iterable<Connection>, now: number): readonly Connection[] {
    return this.#limits.marks === "optional" ? [] : this.#recalls.next(connections, now);
  }

  /** The connections that do not read: what they are owed would stay in memory. */
  unread(connections: Iterable<Connection>, now: number): readonly Connection[] {
    const { unreadBytes } = this.#limits;
    const all = [...connections];
    const stuck = all.filter((connection) => {
      const { unread } = connection;
      if (unread.isProven) {
        if (unread.bytes >= unreadBytes && unread.isOverdue(now)) return true;
      } else if (unread.isLookDue(unreadBytes)) {
        const answeredAt = this.#look(connection);
        if (unread.bytes >= unreadBytes) return true;
        if (isSilent(connection, answeredAt, this.#limits, now)) return true;
      }
      const { catchUp, state } = connection;
      return (
        catchUp !== undefined && state === "open" && this.#isStuckBehind(connection, catchUp, now)
      );
    });
    return this.#budget.excess === 0 ? stuck : [...stuck, ...this.#debtors.next(all, stuck, now)];
  }

  #isStuckBehind(connection: Connection, catchUp: CatchUp, now: number): boolean {
    if (catchUp.isBroken) return true;
    if (this.#mayAdvance(connection, catchUp, now)) return false;
    // A paced one has a heart that beats for its adapter, whatever its reader does.
    const isPaced = connection.session.paced === true;
    const alive = isPaced
      ? connection.lastFrameAt
      : aliveAt(connection, this.#sockets.answeredAt(connection.id), now);
    return now - alive > this.#limits.heartbeatMs + BOUNDS.heartbeatGraceMs;
  }

  #mayAdvance(connection: Connection, catchUp: CatchUp, now: number): boolean {
    if (catchUp.isBroken || isExpired(connection, now)) return false;
    const { session, unread } = connection;
    if (session.paced === true) return unread.silentBytes === 0;
    if (unread.bytes + BOUNDS.catchUpPortionUnits <= BOUNDS.unreadLookBytes) return true;
    if (this.#budget.has(BOUNDS.unreadLookBytes + BOUNDS.catchUpPortionUnits)) return true;
    if (!unread.isMarked) this.#mark(connection, now);
    if (unread.isProven) return false;
    this.#look(connection);
    return unread.bytes === 0;
  }

  #advance(connection: Connection, catchUp: CatchUp, now: number): void {
    const pack = (frames: readonly EncodedFrame[]) => messagesFor(connection, frames, now);
    for (const message of catchUp.next(pack)) this.#send(connection, message, now);
    if (!catchUp.isOver) return;
    for (const message of catchUp.release()) this.#send(connection, message, now);
    connection.catchUp = undefined;
    this.#behind.delete(connection);
    if (connection.session.isBehind === true) this.#save(connection, undefined);
  }

  #save(connection: Connection, isBehind: true | undefined): void {
    connection.session = { ...connection.session, isBehind };
    this.#sockets.save(connection.id, connection.session);
  }

  /** Asks when the peer last pinged; what was sent before that is read. */
  #look(connection: Connection): number | undefined {
    const answeredAt = this.#sockets.answeredAt(connection.id);
    this.#budget.change(connection, (unread) => unread.looked(answeredAt));
    return answeredAt;
  }

  #tell(connection: Connection, message: WireMessage, now: number): void {
    const { catchUp, state } = connection;
    if (catchUp === undefined || state !== "open") this.#send(connection, message, now);
    else catchUp.hold(message);
  }

  #send(connection: Connection, message: WireMessage, now: number): void {
    this.#sockets.send(connection.id, message);
    this.#budget.sent(connection, this.#counters.sent(message), now);
    if (connection.unread.isMarkDue(markStaggerBytes(connection), this.#limits.unreadBytes)) {
      this.#mark(connection, now);
    }
  }

  /** Asks for a proof that what was sent so far is read. Alone, so that adapters find it unparsed. */
  #mark(connection: Connection, now: number): void {
    // What is about to be closed has been told its last word.
    if (connection.state !== "open") return;
    const id = this.#newId();
    const frame = EncodedFrame.of({ type: "mark", timestamp: iso(now), payload: { id } });
    for (const message of messagesFor(connection, [frame], now)) {
      this.#sockets.send(connection.id, message);
    }
    this.#budget.change(connection, (unread) => unread.marked(id, now));
  }
}
