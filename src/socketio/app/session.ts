import { CLOSES, type Close, closeFor } from "../../protocol/close.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { TOKEN_EXPIRED } from "../../protocol/refusals.ts";
import { GatewayQuota } from "../../room/quota/gateway-quota.ts";
import { type Arrival, arrivalOf, verified } from "./arrival.ts";
import { type Auth, authSchema, type Handover, handoverSchema } from "./handover.ts";
import { APP_BOUNDS } from "./limits.ts";
import {
  type ClientPacket,
  DISCONNECT,
  encodeConnect,
  encodeConnectError,
  MAIN_NAMESPACE,
  PacketReader,
  Told,
} from "./packet.ts";
import type { AppConnection, AppPorts, Member, Resumed } from "./ports.ts";
import { TOO_FAST } from "./refusals.ts";
import { Residence } from "./residence.ts";
import { understand } from "./says.ts";
import type { VisitState } from "./visit.ts";

type State =
  /** In no namespace; `stop` ends the time that it may be. */
  | { readonly at: "outside"; readonly stop: () => void }
  /** Its token, and where it was, are being looked at. */
  | { readonly at: "door"; readonly auth: Auth; readonly coming?: Residence }
  | { readonly at: "inside"; readonly inside: Residence }
  | { readonly at: "over" };

/** What is said to each room, which verifies it for itself. */
const RENEWAL = "refresh_token";

/** The default app of one client: from its first packet to its last. */
export class AppSession {
  readonly #connection: AppConnection;
  readonly #ports: AppPorts;
  readonly #reader: PacketReader;
  readonly #quota: GatewayQuota;
  #state: State;
  #isDeaf = false;
  #taken: (() => void) | undefined;
  /** What the client of an earlier session says while its token is looked at here. */
  #held: (string | Uint8Array)[] | undefined;

  /** @param from where an earlier one left off. */
  constructor(connection: AppConnection, ports: AppPorts, from?: Resumed) {
    this.#connection = connection;
    this.#ports = ports;
    this.#reader = new PacketReader(ports.limits.packetBytes);
    // Here what is shown of somebody is an event like any other.
    this.#quota = new GatewayQuota({ ...ports.limits, presencePerSecond: 0 }, ports.now());
    this.#state = this.#outside();
    if (from !== undefined) this.#goOn(from);
  }

  /** Takes a message of the client. */
  message(data: string | Uint8Array): void {
    if (this.#state.at === "over" || this.#isDeaf) return;
    if (this.#held !== undefined) {
      if (this.#held.push(data) > APP_BOUNDS.unanswered) this.#end("forced close");
      return;
    }
    let packet: ClientPacket | undefined;
    try {
      packet = this.#reader.add(data);
    } catch {
      this.#end("parse error");
      return;
    }
    if (packet !== undefined) this.#hear(packet, data.length);
  }

  /** The connection is over: whoever was here may come back. */
  closed(): void {
    this.#over(CLOSES.comingBack);
  }

  /**
   * All that another Worker needs to go on; from now on nothing more is told here. The rooms are kept
   * until {@link closed}, for nobody is to see it leave.
   */
  handover(): string {
    this.#isDeaf = true;
    return JSON.stringify(this.#handover());
  }

  #handover(): Handover {
    const state = this.#state;
    switch (state.at) {
      case "inside":
        return { at: "inside", ...state.inside.state };
      case "door":
        return { at: "door", auth: state.auth };
      case "outside":
      case "over":
        return { at: "outside" };
    }
  }

  #goOn({ state, taken }: Resumed): void {
    const from = handoverSchema.parse(JSON.parse(state));
    if (from.at === "inside") this.#taken = taken;
    else taken();
    if (from.at === "door") this.#enter(from.auth);
    if (from.at === "inside") void this.#resume(from);
  }

  /** @param units how much of it came last, in bytes or UTF-16 units. */
  #hear(packet: ClientPacket, units: number): void {
    const { type, namespace } = packet;
    const isInside = namespace === MAIN_NAMESPACE && this.#state.at === "inside";
    if (type === "connect" && namespace !== MAIN_NAMESPACE) {
      this.#send(encodeConnectError(namespace, "Invalid namespace"));
      return;
    }
    if (type === "connect" && this.#state.at === "outside") {
      const auth = authSchema.catch({}).parse(packet.auth ?? {});
      const { token = this.#connection.handshake.query["token"] } = auth;
      this.#enter({ ...auth, token });
      return;
    }
    // As servers of Socket.IO do with whoever says something before being let in.
    if (!isInside) {
      this.#end("forced close");
      return;
    }
    if (type === "disconnect") {
      this.#leave(CLOSES.leftRoom);
      return;
    }
    if (packet.type === "event") this.#event(packet, units);
  }

  #event({ name, args, id }: Extract<ClientPacket, { type: "event" }>, units: number): void {
    if (this.#state.at !== "inside") return;
    const { speaker, stay } = this.#state.inside;
    const frames = name === RENEWAL ? stay.visits.length : 1;
    const taken = this.#quota.take(units, this.#ports.now(), Math.max(1, frames));
    if (taken.verdict === "admitted") stay.hear(name, understand(name, args), id);
    else if (taken.verdict === "flooding") this.#sendAway(refusal("rate_limited", TOO_FAST));
    else {
      const error = refusal("rate_limited", TOO_FAST, taken.retryAfterMs);
      speaker.refuse({ event: name, id }, error);
    }
  }

  #enter(auth: Auth): void {
    if (this.#state.at === "outside") this.#state.stop();
    this.#state = { at: "door", auth };
    void this.#letIn(auth);
  }

  async #letIn(auth: Auth): Promise<void> {
    const arrival = await arrivalOf(auth, this.#ports);
    if (!this.#isAtDoor(auth)) return;
    if (arrival.is === "refused") this.#refuse(arrival.why);
    else if (arrival.is === "back") this.#recover(auth, arrival);
    else await this.#begin(auth, arrival.member);
  }

  /** Tells a client why it is kept out, if that is no passing trouble. */
  #refuse(why: Refusal): void {
    if (why.retryable) {
      // It comes back by itself, which it would not after an error.
      this.#end("forced close");
      return;
    }
    this.#send(encodeConnectError(MAIN_NAMESPACE, "Authentication failed", why));
    this.#state = this.#outside();
  }

  /** A client that is new here, or is taken for new. */
  async #begin(auth: Auth, member: Member): Promise<void> {
    const pid = this.#ports.newId();
    const sid = await this.#ports.sidOf(pid, member.userId);
    if (!this.#isAtDoor(auth)) return;
    this.#open(this.#inside(pid, sid, member, []));
  }

  /** A client that comes back: into its rooms first, for it is told at once whether it missed anything. */
  #recover(auth: Auth, { pid, sid, member, places }: Arrival & { is: "back" }): void {
    const visits = [...places].map(([room, cursor]) => {
      return { room, cursor, history: 0, joiners: [], lines: [] };
    });
    const coming = this.#inside(pid, sid, member, visits);
    this.#state = { at: "door", auth, coming };
    coming.begin();
  }

  /** What another Worker was in the midst of. */
  async #resume({ pid, sid, token, visits }: Extract<Handover, { at: "inside" }>): Promise<void> {
    const auth = { token, pid, offset: undefined };
    if (this.#state.at === "outside") this.#state.stop();
    this.#state = { at: "door", auth };
    this.#held = [];
    const whose = await verified(token, this.#ports);
    const held = this.#held;
    this.#held = undefined;
    if (!this.#isAtDoor(auth)) return;
    if (!whose.ok) {
      // It was let in before: as its token ends, or comes back by itself.
      if (whose.why.retryable) this.#end("forced close");
      else this.#sendAway(whose.why);
      return;
    }
    const inside = this.#inside(pid, sid, whose.member, visits);
    this.#state = { at: "inside", inside };
    inside.open();
    inside.begin();
    for (const data of held) this.message(data);
  }

  #inside(pid: string, sid: string, member: Member, visits: readonly VisitState[]): Residence {
    const inside: Residence = new Residence(pid, sid, member, visits, this.#ports, {
      send: (packet) => this.#send(packet),
      settled: () => this.#settled(inside),
      strayed: () => this.#strayed(inside),
      expired: () => this.#sendAway(TOKEN_EXPIRED),
    });
    return inside;
  }

  #settled(coming: Residence): void {
    if (this.#state.at === "door" && this.#state.coming === coming) {
      this.#ports.cameBack("recovered");
      this.#open(coming);
    }
    this.#taken?.();
    this.#taken = undefined;
  }

  #open(inside: Residence): void {
    this.#state = { at: "inside", inside };
    this.#send(encodeConnect(inside.sid, inside.pid));
    inside.open();
  }

  /** What happened in a room since is not known any more: its client must begin anew, and be told so. */
  #strayed(who: Residence): void {
    const state = this.#state;
    if (state.at === "door" && state.coming === who) {
      this.#ports.cameBack("forgotten");
      who.close(CLOSES.comingBack);
      this.#state = { at: "door", auth: state.auth };
      void this.#begin(state.auth, who.member);
    } else {
      this.#end("forced close");
    }
  }

  /** Ends it in a way after which a stock client stays away until its page has it come back. */
  #sendAway(why: Refusal): void {
    this.#send(new Told("error", [why]).packet());
    this.#send(DISCONNECT);
    this.#over(closeFor(why.code));
    this.#connection.close("forced close");
  }

  /** The client has left the namespace; its connection may go on, and it may come back over it. */
  #leave(close: Close): void {
    this.#stop(close);
    this.#state = this.#outside();
  }

  #outside(): State {
    const stop = this.#ports.after(APP_BOUNDS.connectMs, () => this.#end("forced close"));
    return { at: "outside", stop };
  }

  /** Breaks the connection off: a stock client comes back by itself. */
  #end(reason: "forced close" | "parse error"): void {
    if (this.#state.at === "over") return;
    this.#over(CLOSES.comingBack);
    this.#connection.close(reason);
  }

  #over(close: Close): void {
    this.#stop(close);
    this.#state = { at: "over" };
  }

  #stop(close: Close): void {
    const state = this.#state;
    if (state.at === "outside") state.stop();
    const inside =
      state.at === "inside" ? state.inside : state.at === "door" ? state.coming : undefined;
    inside?.close(close);
  }

  #isAtDoor(auth: Auth): boolean {
    return this.#state.at === "door" && this.#state.auth === auth;
  }

  #send(packet: string): void {
    if (!this.#isDeaf && this.#state.at !== "over") this.#connection.send(packet);
  }
}
