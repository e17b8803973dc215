import { assertNever } from "../../protocol/assert-never.ts";
import { CLOSES, type Close } from "../../protocol/close.ts";
import type { Refusal } from "../../protocol/error.ts";
import { isGreeting } from "../../protocol/greeting.ts";
import { inboxName } from "../../protocol/inbox-name.ts";
import { iso } from "../../protocol/iso.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { present } from "../../protocol/present.ts";
import { refusalOf } from "../../protocol/refusal-of.ts";
import { isStoredType } from "../../protocol/stored-type.ts";
import { utf8Bytes } from "../../protocol/utf8.ts";
import { Pauses } from "../pauses.ts";
import { type Greeting, greetingSchema, shown } from "./greeting.ts";
import { APP_BOUNDS } from "./limits.ts";
import { countUnread, overhear } from "./overhear.ts";
import { OwnMessages } from "./own-messages.ts";
import { Pass } from "./pass.ts";
import type { AppPorts, AppRooms, Member, RoomsListener, StayOwner } from "./ports.ts";
import type { ReadFrame } from "./readings.ts";
import { LEFT, NOT_JOINED, TOO_MANY_ROOMS, TOO_MUCH_WAITS, tooLarge } from "./refusals.ts";
import type { Understood, Wish } from "./says.ts";
import type { Speaker } from "./speaker.ts";
import { lastValues } from "./tells.ts";
import { type Answeree, Visit, type VisitState } from "./visit.ts";
import { whatNext } from "./what-next.ts";

type Saying = Extract<Wish, { readonly wants: "say" }>;

/** One client's time in the main namespace: its rooms, what it says to them and what they tell it. */
export class Stay implements RoomsListener {
  readonly #speaker: Speaker;
  readonly #ports: AppPorts;
  readonly #owner: StayOwner;
  readonly #rooms: AppRooms;
  readonly #visits: Map<string, Visit>;
  readonly #own = new OwnMessages(APP_BOUNDS.ownMessages);
  readonly #pauses: Pauses;
  readonly #pass: Pass;
  #isOver = false;

  /** @param visits those to begin with: it goes on where another left off, or comes back. */
  constructor(
    member: Member,
    visits: readonly VisitState[],
    speaker: Speaker,
    ports: AppPorts,
    owner: StayOwner,
  ) {
    this.#speaker = speaker;
    this.#ports = ports;
    this.#owner = owner;
    this.#pauses = new Pauses(ports.after);
    this.#rooms = ports.openRooms(member, this);
    this.#pass = new Pass(member, ports, speaker, (newer) => {
      this.#rooms.renew(newer);
      owner.renewed();
    });
    this.#visits = new Map(visits.map((visit) => [visit.room, new Visit(visit)]));
    speaker.places = this.#visits;
  }

  /** Goes into the rooms to begin with. */
  begin(): void {
    for (const visit of this.#visits.values()) this.#join(visit);
    this.#settle();
  }

  get member(): Member {
    return this.#pass.member;
  }

  /** All of it, for whoever goes on with it. */
  get visits(): readonly VisitState[] {
    return [...this.#visits.values()].map(({ state }) => state);
  }

  /** Ends all visits. */
  close(close: Close): void {
    this.#isOver = true;
    this.#pauses.endAll();
    this.#rooms.close(close);
  }

  /** Does what an event wants. */
  hear(event: string, understood: Understood, id: number | undefined): void {
    if (!understood.ok) {
      const { error, room, messageId } = understood;
      this.#speaker.refuse({ event, ...present({ id, messageId }) }, error, room);
      return;
    }
    const { wish } = understood;
    const to: Answeree = { event, ...present({ id }) };
    switch (wish.wants) {
      case "enter":
        this.#enter(wish.room, wish.history, to);
        break;
      case "leave":
        this.#leave(wish.room, to);
        break;
      case "say":
        this.#say(wish, { ...to, ...present({ messageId: wish.messageId }) });
        break;
      case "authenticate":
        void this.#authenticate(wish.token, to);
        break;
      case "renew":
        void this.#renew(wish.token, to);
        break;
      default:
        assertNever(wish);
    }
  }

  frames(room: string, message: string): void {
    const visit = this.#visits.get(room);
    if (visit === undefined || this.#isOver) return;
    for (const read of this.#ports.readings.of(room, message)) {
      if (!this.#isOver) this.#take(visit, read);
    }
    if (this.#speaker.heldChars > APP_BOUNDS.heldChars) this.#owner.strayed();
  }

  left(room: string, close: Close, why?: Refusal): void {
    const visit = this.#visits.get(room);
    if (visit === undefined || this.#isOver) return;
    const { cursor, isIn, refusal: last } = visit;
    const next = whatNext({ everIn: cursor !== undefined, isIn }, close, why ?? last);
    if (next.now === "expire") {
      this.#owner.expired();
      return;
    }
    if (next.now === "again") {
      this.#again(visit, next.notBeforeMs);
      return;
    }
    this.#forget(visit);
    this.#speaker.tell("left_room", { room, code: close.code, reason: close.reason });
    const { error } = next;
    const waiting = visit.takeAll();
    for (const to of waiting) this.#speaker.refuse(to, error, room);
    // Whoever was told by the room itself, or by an answer, need not hear it twice.
    if (waiting.length === 0 && visit.refusal === undefined) {
      this.#speaker.tell("error", { ...error, room });
    }
    this.#settle();
  }

  #enter(room: string, history: number, to: Answeree): void {
    const visit = this.#visits.get(room);
    if (visit?.isIn === true) {
      void this.#joinedAlready(visit, to);
      return;
    }
    const entered = visit ?? this.#begin(room, history);
    if (entered === undefined) {
      this.#speaker.refuse(to, TOO_MANY_ROOMS, room);
      return;
    }
    entered.await(to);
  }

  #begin(room: string, history: number): Visit | undefined {
    if (this.#visits.size >= APP_BOUNDS.rooms) return undefined;
    const visit = new Visit({ room, history, joiners: [], lines: [] });
    this.#visits.set(room, visit);
    this.#join(visit);
    return visit;
  }

  #join({ room, cursor, history }: Visit): void {
    const place = cursor === undefined ? { history } : { cursor, history: 0 };
    this.#rooms.join(room, place);
  }

  /** A room that was lost, or is being moved: entered anew from where its client stands. */
  #again(visit: Visit, notBeforeMs: number): void {
    visit.isIn = false;
    visit.refusal = undefined;
    const { reenterMinMs, reenterMaxMs } = APP_BOUNDS;
    const longest = Math.min(reenterMaxMs, reenterMinMs * 2 ** visit.tries++);
    const pauseMs = Math.max(notBeforeMs, longest * this.#ports.chance());
    this.#pauses.begin(visit.room, pauseMs, () => this.#join(visit));
  }

  async #joinedAlready(visit: Visit, to: Answeree): Promise<void> {
    const { room } = visit;
    try {
      const users = await this.#rooms.users(room);
      if (this.#isOver) return;
      this.#speaker.tell("room_users", { room, users });
      this.#speaker.answer(to, { room, users, ...present({ unread: visit.unread }) });
    } catch (error) {
      this.#speaker.refuse(to, refusalOf(error), room);
    }
  }

  #leave(room: string, to: Answeree): void {
    const visit = this.#visits.get(room);
    if (visit !== undefined) {
      this.#forget(visit);
      this.#rooms.leave(room, CLOSES.leftRoom);
      this.#speaker.tell("left_room", { room, code: 1000, reason: "" });
      for (const other of visit.takeAll()) this.#speaker.refuse(other, LEFT, room);
    }
    if (to.id !== undefined) this.#speaker.answer(to, { room });
    this.#settle();
  }

  #forget({ room }: Visit): void {
    this.#visits.delete(room);
    this.#pauses.end(room);
  }

  #say({ room, type, payload, enters }: Saying, to: Answeree): void {
    const visit = this.#visits.get(room) ?? (enters ? this.#begin(room, 0) : undefined);
    if (visit === undefined) {
      this.#speaker.refuse(to, enters ? TOO_MANY_ROOMS : NOT_JOINED, room);
      return;
    }
    const isAnswered = to.id !== undefined || to.messageId !== undefined || isStoredType(type);
    const messageId = isAnswered ? (to.messageId ?? this.#ports.newId()) : undefined;
    const frame = JSON.stringify({ type, messageId, payload });
    const { frameBytes } = this.#ports.limits;
    if (utf8Bytes(frame) > frameBytes) {
      this.#speaker.refuse(to, tooLarge(frameBytes), room);
      return;
    }
    if ((isAnswered || !visit.isIn) && !visit.keep({ frame, to, ...present({ messageId }) })) {
      this.#speaker.refuse(to, TOO_MUCH_WAITS, room);
      return;
    }
    if (messageId !== undefined) this.#own.add(messageId);
    if (visit.isIn) this.#rooms.send(room, frame);
  }

  #take(visit: Visit, read: ReadFrame): void {
    const { type, messageId, payload } = read.frame;
    if (isGreeting(type)) {
      this.#entered(visit, payload);
      return;
    }
    if (type === "ack" || type === "answer") {
      const to = visit.answered(messageId);
      if (to !== undefined) this.#speaker.pass(to, payload, visit.room);
      return;
    }
    if (type === "token_refreshed") return;
    overhear(visit, read, this.#speaker, ({ messageId: id, userId }) => {
      return userId === this.member.userId && this.#own.has(id);
    });
  }

  /** The room lets it in, and says where it stands. */
  #entered(visit: Visit, payload: unknown): void {
    const greeting = greetingSchema.parse(payload);
    const { epoch, seq, recovered, users, from = seq } = greeting;
    const isBack = visit.cursor !== undefined;
    if (isBack && !recovered && !this.#beginsAnew(visit, greeting)) return;
    const { room } = visit;
    visit.cursor ??= { epoch, seq: from };
    for (const frame of visit.enter()) this.#rooms.send(room, frame);
    const joiners = visit.takeJoiners();
    if (!isBack || joiners.length > 0) this.#speaker.tell("room_users", { room, users });
    for (const to of joiners) this.#speaker.answer(to, shown(room, greeting));
    for (const value of lastValues(room, greeting.last ?? {})) this.#speaker.emit(value, false);
    if (greeting.unread !== undefined) countUnread(visit, greeting.unread, this.#speaker);
    this.#settle();
  }

  /**
   * The room does not know where its client was. That is no matter of one who had been told of nothing:
   * a room in which nothing was stored has another epoch after each sleep. False when it is not in yet.
   */
  #beginsAnew(visit: Visit, { epoch, seq }: Greeting): boolean {
    if (visit.cursor?.seq !== 0) {
      this.#owner.strayed();
      return false;
    }
    visit.cursor = { epoch, seq: 0 };
    if (seq === 0) return true;
    // No leave, in the eyes of the others.
    this.#rooms.leave(visit.room, CLOSES.comingBack);
    this.#join(visit);
    return false;
  }

  async #authenticate(token: string | undefined, to: Answeree): Promise<void> {
    if (token !== undefined && !(await this.#pass.renew(token, to))) return;
    if (!this.#isOver) this.#enter(inboxName(this.member.userId), BOUNDS.historyDefault, to);
  }

  async #renew(token: string, to: Answeree): Promise<void> {
    if (!(await this.#pass.renew(token, to)) || this.#isOver) return;
    this.#speaker.answer(to, { expiresAt: iso(this.member.expiresAt) });
  }

  #settle(): void {
    if ([...this.#visits.values()].every(({ isIn }) => isIn)) this.#owner.settled();
  }
}
