import type { Close } from "../../protocol/close.ts";
import { Expiry } from "../../protocol/expiry.ts";
import { Pauses } from "../pauses.ts";
import { APP_BOUNDS } from "./limits.ts";
import type { AppPorts, Member } from "./ports.ts";
import { Speaker } from "./speaker.ts";
import { Stay } from "./stay.ts";
import type { VisitState } from "./visit.ts";

/** Whose a residence is. */
export interface ResidenceOwner {
  /** Tells the client a packet. */
  send(packet: string): void;
  /** Each room is entered or lost, or has had its time for it. */
  settled(): void;
  /** A room no longer knows what happened since its client was there last. */
  strayed(): void;
  /** The token's end has come. */
  expired(): void;
}

const WAIT = "wait";

/** A client in the main namespace, from the door on, as whom it is known and for as long as its token lasts. */
export class Residence {
  readonly speaker: Speaker;
  readonly stay: Stay;
  readonly sid: string;
  readonly pid: string;
  readonly #expiry: Expiry;
  readonly #owner: ResidenceOwner;
  readonly #pauses: Pauses;

  /** @param visits to begin with, of a client that comes back or from another Worker. */
  constructor(
    pid: string,
    sid: string,
    member: Member,
    visits: readonly VisitState[],
    ports: AppPorts,
    owner: ResidenceOwner,
  ) {
    this.pid = pid;
    this.sid = sid;
    this.#owner = owner;
    this.#pauses = new Pauses(ports.after);
    this.#expiry = new Expiry(ports, owner.expired);
    this.speaker = new Speaker(sid, owner.send);
    this.stay = new Stay(member, visits, this.speaker, ports, {
      settled: owner.settled,
      strayed: owner.strayed,
      expired: owner.expired,
      renewed: () => this.#expiry.set(this.member.expiresAt),
    });
    this.#expiry.set(member.expiresAt);
  }

  get member(): Member {
    return this.stay.member;
  }

  /** All of it, for whoever goes on with it. */
  get state() {
    const { pid, sid, stay } = this;
    return { pid, sid, token: stay.member.token, visits: [...stay.visits] };
  }

  /** Goes into the rooms to begin with, for so long as that may take. */
  begin(): void {
    this.#pauses.begin(WAIT, APP_BOUNDS.recoverMs, this.#owner.settled);
    this.stay.begin();
  }

  /** The client is let in. */
  open(): void {
    this.#pauses.end(WAIT);
    this.speaker.open();
  }

  /** Ends it. */
  close(close: Close): void {
    this.#pauses.endAll();
    this.#expiry.stop();
    this.stay.close(close);
  }
}
