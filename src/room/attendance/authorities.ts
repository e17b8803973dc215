import {
  type Admitted,
  type Asked,
  type Asking,
  type Authority,
  admittedBy,
  broughtIn,
  type Granted,
  isToBeAsked,
  stillStanding,
  type Verdict,
} from "../../protocol/authority.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import type { Refusal } from "../../protocol/error.ts";
import type { You } from "../../protocol/frames/connection.ts";
import { iso } from "../../protocol/iso.ts";
import { NO_LONGER_TO_READ } from "../../protocol/refusals.ts";
import type { Connection, Session } from "../connections/connection.ts";
import type { Intake } from "../intake/intake.ts";
import type { RoomCore } from "../room-core.ts";
import type { Departures } from "./departures.ts";
import type { Sessions } from "./sessions.ts";

/**
 * By what people are in a room whose kind has a rule on that: the rule is asked again in time, when it
 * is said to, and with a new token. What it answers then holds at once.
 */
export class Authorities {
  readonly #core: RoomCore;
  readonly #intake: Intake;
  readonly #departures: Departures;
  readonly #sessions: Sessions;
  #nudgedAt = Number.NEGATIVE_INFINITY;

  constructor(core: RoomCore, intake: Intake, departures: Departures, sessions: Sessions) {
    this.#core = core;
    this.#intake = intake;
    this.#departures = departures;
    this.#sessions = sessions;
  }

  /** Who is to be asked about by now; whoever takes this list sees to it. */
  toAsk(now: number): readonly Asking[] {
    const asking: Asking[] = [];
    for (const connection of this.#core.roster.connections.values()) {
      const { authority } = connection.session;
      if (authority === undefined || connection.asks > 0 || connection.state !== "open") continue;
      if (isToBeAsked(authority, now)) asking.push(this.ask(connection, authority));
    }
    return asking;
  }

  /**
   * One of them is to be asked about, whether that is due or not.
   *
   * @param authority with the grants and the end of the token at hand.
   */
  ask(connection: Connection, authority: Authority): Asking {
    connection.asks += 1;
    const { id, session, nudges } = connection;
    return { id, session, authority, nudges };
  }

  /** The same as it is by now, for it has waited for its turn; `undefined` when there is nobody any more. */
  current({ id }: Asking): Asking | undefined {
    const connection = this.#core.roster.open(id);
    const authority = connection?.session.authority;
    if (connection === undefined || authority === undefined) return undefined;
    const { session, nudges } = connection;
    return { id, session, authority, nudges };
  }

  /**
   * Has everybody, or one user, asked about anew.
   *
   * @returns how many people that is.
   */
  nudge(userId: string | undefined, now: number): number {
    this.#nudgedAt = now;
    this.#departures.doubt(userId);
    const { roster } = this.#core;
    const people = new Set<string>();
    const some = userId === undefined ? roster.connections.values() : roster.of(userId);
    for (const connection of some) {
      const { authority } = connection.session;
      if (authority === undefined || connection.state !== "open") continue;
      people.add(connection.session.userId);
      connection.nudges += 1;
      this.#take(connection, { authority: { ...authority, askAt: now } }, now);
    }
    return people.size;
  }

  /** The authority that somebody comes in by. */
  admitted(authority: Authority, now: number): Authority {
    return broughtIn(authority, this.#nudgedAt, now);
  }

  /**
   * Takes what the rule answered. One that is older than the answer at hand says nothing any more.
   *
   * @param askedAt when it was asked, milliseconds since the epoch.
   */
  answered(asking: Asking, verdict: Verdict, askedAt: number, now: number): void {
    const connection = this.#answeredOf(asking, now);
    const known = connection?.session.authority;
    if (connection === undefined || known === undefined) return;
    // What was at hand when it was asked is older, also by the clock of an edge that is ahead of ours.
    if (known.askedAt > Math.max(askedAt, asking.authority.askedAt)) return;
    switch (verdict.kind) {
      case "granted": {
        const before = connection.session;
        // A new token may have come meanwhile.
        const isOld = !isOfSameToken(known, asking.authority);
        const admitted = this.#admitted(asking, { ...known, askedAt }, verdict, isOld, now);
        this.#take(connection, admitted, now);
        this.#tell(connection, before, now);
        return;
      }
      case "refused":
        this.#departures.shutOut(connection, verdict.error, now);
        return;
      case "failed":
        this.#failed(verdict.error);
        this.#take(connection, stillStanding(known, now), now);
    }
  }

  /**
   * The same with a new token of the same user, which holds whatever the rule answers but no: what it
   * granted before stands once more where it could not be asked.
   *
   * @param messageId of the frame that brought the token.
   */
  renewed(
    asking: Asking,
    verdict: Verdict,
    askedAt: number,
    messageId: string | undefined,
    now: number,
  ): void {
    const connection = this.#answeredOf(asking, now);
    const { authority } = asking;
    if (connection === undefined) return;
    const before = connection.session;
    switch (verdict.kind) {
      case "granted": {
        // Asked before what is known by now was, it is asked again.
        const isOld = (before.authority?.askedAt ?? askedAt) > askedAt;
        const admitted = this.#admitted(asking, { ...authority, askedAt }, verdict, isOld, now);
        this.#sessions.renew(connection, admitted, messageId, now);
        this.#tell(connection, before, now);
        return;
      }
      case "refused": {
        const { error } = verdict;
        if (messageId !== undefined) this.#intake.refuse(connection, { messageId }, error, now);
        this.#departures.shutOut(connection, error, now);
        return;
      }
      case "failed": {
        this.#failed(verdict.error);
        // What was found out meanwhile, on the token before, is newer.
        const { grants, tokenEndsAt } = authority;
        const known = { ...(before.authority ?? authority), grants, tokenEndsAt };
        const { permissions } = before;
        this.#sessions.renew(
          connection,
          { permissions, ...stillStanding(known, now) },
          messageId,
          now,
        );
      }
    }
  }

  #failed({ code }: Refusal): void {
    const { counters } = this.#core;
    counters.refused(code);
    counters.blamed("authorize");
  }

  /** The connection that was asked about, as long as it is there. */
  #answeredOf({ id }: Asking, now: number): Connection | undefined {
    const connection = this.#core.roster.open(id);
    if (connection === undefined) return undefined;
    connection.asks -= 1;
    this.#core.due.byConnection(connection, now);
    return connection;
  }

  /** An answer to what was asked before a nudge, or on an older token, is to be asked for again at once. */
  #admitted(
    { id, nudges }: Asking,
    asked: Asked,
    verdict: Granted,
    isOld: boolean,
    now: number,
  ): Admitted {
    const { askedAt, grants, request, tokenEndsAt } = asked;
    const admitted = admittedBy(verdict, { askedAt, grants, request, tokenEndsAt });
    return isOld || nudges !== this.#core.roster.open(id)?.nudges
      ? { ...admitted, authority: { ...admitted.authority, askAt: now } }
      : admitted;
  }

  /** Tells somebody what has changed for them, and lets nobody stay who may not read. */
  #tell(connection: Connection, before: Session, now: number): void {
    if (!connection.session.permissions.includes("read")) {
      this.#departures.expel(connection, NO_LONGER_TO_READ, now);
      return;
    }
    const you = youOf(connection.session);
    if (JSON.stringify(you) === JSON.stringify(youOf(before))) return;
    const frame = EncodedFrame.of({ type: "you", timestamp: iso(now), payload: you });
    this.#core.outlet.sendNow(connection, [frame], now);
  }

  #take(connection: Connection, changes: Partial<Admitted>, now: number): void {
    const { sockets, due } = this.#core;
    connection.session = { ...connection.session, ...changes };
    sockets.save(connection.id, connection.session);
    due.byConnection(connection, now);
  }
}

/** What somebody may do, and what is known of them. */
export function youOf({ permissions, authority }: Pick<Session, "permissions" | "authority">): You {
  const member = authority?.member;
  return { can: permissions, ...(member === undefined ? {} : { member }) };
}

/** Whether two were granted on one and the same token, as far as anything follows from it. */
function isOfSameToken(one: Authority, other: Authority): boolean {
  return one.tokenEndsAt === other.tokenEndsAt && one.grants.join() === other.grants.join();
}
