import type { Verifier } from "../auth/verifier.ts";
import {
  ADMISSION_HEADER,
  type Admission,
  type AdmittedSession,
  readAdmission,
  refuseAdmission,
} from "../protocol/admission.ts";
import type { Close } from "../protocol/close.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { permissionsIn } from "../protocol/grant.ts";
import { DEPLOYMENT_UNDER_WAY } from "../protocol/inner-version.ts";
import type { KeptSession } from "../protocol/kept-session.ts";
import { subprotocolOf } from "../protocol/subprotocol.ts";
import type { Connection } from "../room/connections/connection.ts";
import type { Door, TokenRefresh } from "../room/door.ts";
import type { Flushed } from "../room/flush/settled.ts";
import type { Room } from "../room/room.ts";
import type { Address } from "../room/store/outbox.ts";
import type { Couriers } from "./delivery/couriers.ts";
import type { Admittance, Guest, RawFrame, Reports } from "./host/guest.ts";
import type { Turns } from "./host/turns.ts";
import type { Reauthorization } from "./reauthorization.ts";
import type { RoomJournal } from "./room-journal.ts";
import type { SessionSockets } from "./session-sockets.ts";
import { identityIn } from "./token-renewal.ts";

const RENEWING = refusal("rate_limited", "Another token is being looked at; wait for that.", 1_000);

/** What a room's guest works with. */
export interface RoomGuestParts {
  readonly turns: Pick<Turns, "turn" | "background">;
  readonly name: string;
  readonly room: Room;
  readonly door: Door;
  readonly sockets: Pick<SessionSockets, "save" | "restore" | "ended">;
  readonly couriers: Couriers;
  readonly verifier: Verifier;
  /** Whether nobody comes in but by the rule of the room's kind. */
  readonly authorizes: boolean;
  readonly reauthorization: Reauthorization;
  readonly journal: Pick<RoomJournal, "connected" | "audited" | "error">;
  readonly reports: Reports;
  readonly closed: Refusal | undefined;
  /** Ends the room's life, which is over. */
  readonly end: (now: number) => Promise<void>;
}

/** A {@link Room} as its host sees it. */
export class RoomGuest implements Guest<Admission, KeptSession> {
  readonly closed: Refusal | undefined;
  readonly reports: Reports;
  readonly #parts: RoomGuestParts;
  /** Connections about which the rule is being asked because of a new token. */
  readonly #renewing = new Set<string>();

  constructor(parts: RoomGuestParts) {
    this.#parts = parts;
    this.closed = parts.closed;
    this.reports = parts.reports;
  }

  admit(request: Request, now: number): Admittance<Admission> {
    const header = request.headers.get(ADMISSION_HEADER);
    const cannot = refuseAdmission(header) ?? this.closed;
    if (cannot !== undefined) return { ok: false, error: cannot };
    const visit = readAdmission(header);
    // The Worker that let it in is of a deployment whose kind asks otherwise.
    if (!this.#isByRule(visit.session)) return { ok: false, error: DEPLOYMENT_UNDER_WAY };
    const error = this.refuses(visit, now);
    if (error !== undefined) return { ok: false, error };
    return { ok: true, visit, subprotocol: subprotocolOf(visit.session.wire) };
  }

  /** Why a newcomer may not come in, which is counted. */
  refuses({ session }: Admission, now: number): Refusal | undefined {
    const { room } = this.#parts;
    const error = room.refuses({ ...session, connectedAt: now }, now);
    if (error !== undefined) room.counters.refused(error.code);
    return error;
  }

  enter(id: string, { session: admitted, cursor, history }: Admission, now: number): void {
    const { sockets, room, journal } = this.#parts;
    const { authority: told } = admitted;
    const authority = told === undefined ? {} : { authority: room.authorities.admitted(told, now) };
    const session = { ...admitted, ...authority, connectedAt: now };
    sockets.save(id, session);
    room.join({ id, session, cursor, history }, now);
    journal.connected(session, cursor !== undefined);
  }

  /**
   * Who was owed more than this life knows of must come back for it, and who is in by another rule. What
   * a room's clock knew of people was in memory alone: they are greeted anew, or a player would go by
   * the number that is another's now.
   */
  mayGoOn({ session }: KeptSession): boolean {
    const { clock } = this.#parts.room.special;
    return clock === undefined && session.isBehind !== true && this.#isByRule(session);
  }

  restore(id: string, kept: KeptSession, now: number, hasEnded = false): void {
    this.#parts.sockets.restore(id, kept);
    this.#parts.room.restore(id, kept.session, now, hasEnded);
  }

  hear(id: string, raw: RawFrame, now: number): Promise<void> | undefined {
    const { room, door } = this.#parts;
    const connection = room.connection(id);
    if (connection === undefined) return undefined;
    const received = door.receive(connection, raw, now);
    return received.kind === "refresh_token" ? this.#renew(connection, received) : undefined;
  }

  leave(id: string, close: Close, now: number): void {
    this.#parts.sockets.ended(id, close);
    this.#parts.room.leave(id, now, close);
  }

  ended(id: string): void {
    this.#parts.room.socketEnded(id);
  }

  inherit(wakeAt: number | undefined): void {
    this.#parts.room.inherit(wakeAt);
  }

  get hasWork(): boolean {
    return this.#parts.room.hasWork;
  }

  get isTelling(): boolean {
    return this.#parts.room.isTelling;
  }

  flushDelayMs(now: number): number {
    return this.#parts.room.flushDelayMs(now);
  }

  flush(now: number): void {
    const { room, reauthorization } = this.#parts;
    const flushed = room.flush(now);
    // That somebody is asked about in time must not rest on an alarm either.
    reauthorization.begin(now);
    this.told(flushed);
    if (flushed.deliveries === 0) return;
    this.#parts.couriers.added();
    this.#bring();
  }

  /** Has recipients visited at once, however often that failed before. */
  retry(recipients: readonly Address[]): void {
    const { couriers } = this.#parts;
    for (const recipient of recipients) couriers.retry(recipient);
    this.#bring();
  }

  /** Tells the log what a flush did. */
  told({ audits, failures }: Flushed): void {
    const { journal } = this.#parts;
    for (const audit of audits) journal.audited(audit);
    for (const failure of failures) journal.error("flush", failure);
  }

  get wakeAt(): number | undefined {
    const { room, couriers } = this.#parts;
    const [sweep, delivery] = [room.wakeAt, couriers.dueAt];
    return sweep === undefined ? delivery : Math.min(sweep, delivery ?? Infinity);
  }

  wake(now: number, wasInherited: boolean): void {
    const { room, reauthorization } = this.#parts;
    // Reports come far more often than there is something to sweep.
    if (wasInherited || (room.wakeAt ?? Infinity) <= now) {
      // Before the sweep looks at what is due: whoever is being asked about is not.
      reauthorization.begin(now);
      room.sweep(now);
    }
    this.#bring();
  }

  isOver(now: number): boolean {
    return this.#parts.room.isOver(now);
  }

  end(now: number): Promise<void> {
    return this.#parts.end(now);
  }

  /** Empties the outbox as far as it goes. Not waited for: who hangs would put off sweeps. */
  #bring(): void {
    const { turns, couriers } = this.#parts;
    turns.background(couriers.bring());
  }

  /** Whether a session is by the rule of the room's kind just where there is one. The backend is by none. */
  #isByRule({ backend, authority }: AdmittedSession): boolean {
    return backend === true || this.#parts.authorizes === (authority !== undefined);
  }

  /** Verifying and asking are asynchronous, so the connection may be gone when they are done. */
  async #renew({ id, session }: Connection, { token, messageId }: TokenRefresh): Promise<void> {
    const { turns, room, verifier, name, reauthorization } = this.#parts;
    const identified = await identityIn(verifier, token, session.userId);
    const connection = room.connection(id);
    if (connection === undefined) return;
    if (!identified.ok) {
      turns.turn((now) => room.refuse(connection, { messageId }, identified.error, now));
      return;
    }
    const { expiresAt } = identified.value;
    const grants = [...permissionsIn({ name }, identified.value)];
    const { authority } = connection.session;
    if (authority === undefined) {
      const renewed = { expiresAt, permissions: grants };
      turns.turn((now) => room.renew(connection, renewed, messageId, now));
      return;
    }
    // Each has the rule asked, and a client may send many: the next one when this one has its answer.
    if (this.#renewing.has(id)) {
      turns.turn((now) => room.refuse(connection, { messageId }, RENEWING, now));
      return;
    }
    this.#renewing.add(id);
    const ofToken = { ...authority, grants, tokenEndsAt: expiresAt };
    const asking = room.authorities.ask(connection, ofToken);
    const { askedAt, verdict } = await reauthorization
      .ask(asking)
      .finally(() => this.#renewing.delete(id));
    turns.turn((now) => room.authorities.renewed(asking, verdict, askedAt, messageId, now));
  }
}
