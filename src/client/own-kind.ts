import type { AnyContract } from "../contract/contract.ts";
import type { FoldedEvent } from "../contract/fold.ts";
import { frozen } from "../contract/frozen.ts";
import type { Permission } from "../protocol/grant.ts";
import { iso } from "../protocol/iso.ts";
import type { Ack, JoinedRoom } from "../protocol/server-frame.ts";
import type { ClientKind, ForwardedFrame } from "./client-kind.ts";
import type { Deadline } from "./deadline.ts";
import type { Environment } from "./environment.ts";
import { FoldedState } from "./folded-state.ts";
import type { LastFrame } from "./frame-reader.ts";
import { field, learnShapes } from "./frame-shape.ts";
import type { Receipt } from "./outbox-entry.ts";
import { isYou, ownShapes } from "./own-shape.ts";
import { loadPages } from "./page-loader.ts";
import { plainCopy } from "./plain.ts";
import { type Question, Questions } from "./questions.ts";
import { Receipts } from "./receipts.ts";
import type { Reset } from "./room-event.ts";
import type { RoomSession } from "./room-session.ts";
import { claimedPermissions } from "./token-claims.ts";
import type { EphemeralFrame } from "./uplink.ts";

/** Events and signals by their types, with a dot before; `""` when something else has changed. */
export interface OwnEvents {
  readonly [type: string]: readonly unknown[];
}

/** So many of one's own events are told from those of others among what is unread. */
const MINE_MAX = 200;

/** Any frame of such a room, as far as it is looked into. */
interface OwnFrame {
  readonly type: string;
  readonly seq?: number;
  readonly userId?: string;
  readonly origin?: string;
  readonly timestamp: string;
  readonly messageId?: string;
  readonly payload?: unknown;
}

/**
 * What only a room of a team's own kind does: it has a state, which is folded here by the contract
 * where both ends have the same, and is told by the room where they do not.
 */
export class OwnKind implements ClientKind {
  /** Its state comes whole with each greeting. */
  readonly losesByGaps = false;
  readonly #session: RoomSession<OwnKind | undefined, OwnEvents>;
  readonly #environment: Environment;
  readonly #questions: Questions;
  readonly #state: FoldedState;
  readonly #receipts: Receipts;
  /** Events of this user's own that came since the first join: the newest, by their `seq`. */
  #mine: readonly number[] = [];
  #you: unknown;
  #folds = false;

  constructor(session: RoomSession<OwnKind | undefined, OwnEvents>, contract: AnyContract) {
    const { environment } = session.options;
    this.#session = session;
    this.#environment = environment;
    this.#state = new FoldedState(
      contract,
      () => session.view.joined?.userId ?? "",
      () => this.#changed(),
    );
    this.#receipts = new Receipts(session);
    this.#questions = new Questions(environment, (question) => this.#ask(question));
    learnShapes(ownShapes(contract));
  }

  /** With what was sent optimistically; frozen. */
  get state(): unknown {
    return this.#state.value;
  }

  /** As `joined_room` told it last, or the room since. */
  get you(): unknown {
    return this.#you;
  }

  /** How many events came after what this user has read, but for its own. */
  get unread(): number {
    const { view } = this.#session;
    const upTo = view.readOf(view.joined?.userId ?? "");
    return (view.cursor?.seq ?? 0) - upTo - this.#mine.filter((seq) => seq > upTo).length;
  }

  snapshot(joined: JoinedRoom): JoinedRoom {
    return joined;
  }

  greeted(joined: JoinedRoom, reset: Reset | undefined): void {
    const { name, tokens, wants } = this.#session.options;
    frozen(joined.users);
    const token = tokens.last ?? "";
    const theirs = field(joined, "contract");
    const named = `${field(theirs, "version")}.${field(theirs, "hash")}`;
    this.#folds = wants.contract === named;
    if (reset?.reason === "epoch") this.#mine = [];
    this.#receipts.open(reset);
    this.#state.greeted(field(joined, "state"), joined, reset);
    const you = field(joined, "you");
    const can: readonly Permission[] = claimedPermissions(token, name(token));
    this.#you = frozen(isYou(you) ? you : { can });
  }

  heard(frame: ForwardedFrame | LastFrame): void {
    // What the contract names, no table of the protocol's does.
    if (this.#take(frame as unknown as OwnFrame)) this.#changed();
  }

  answered(messageId: string | undefined, ack: Ack): void {
    this.#questions.answered(messageId, ack);
  }

  caughtUp(): void {
    this.#questions.repeat();
  }

  interrupted(): void {
    this.#receipts.suspend();
  }

  closed(): void {
    this.#questions.close();
  }

  /** This user has read up to this `seq`. */
  read(upTo: number): void {
    this.#receipts.mark(upTo);
  }

  /** Folds an event that is on its way to the room, until that says what came of it. */
  guess(type: string, payload: unknown, stored: Promise<Receipt>): void {
    const timestamp = iso(this.#environment.now());
    this.#state.guess({ type, data: payload, timestamp }, stored);
  }

  /** Asks the room. */
  query(name: string, input: unknown, deadline: Deadline): Promise<unknown> {
    // A copy: it may wait, and what was handed over stays the application's own to change.
    return this.#questions.ask(name, plainCopy(input), deadline);
  }

  /** Whether what the application is shown may be another one now. */
  #take({ type, seq, userId = "", origin, timestamp, messageId, payload }: OwnFrame): boolean {
    const { view } = this.#session;
    switch (type) {
      case "user_updated":
        frozen(payload);
        return true;
      case "joined_room":
      case "user_joined":
      case "user_left":
        return true;
      case "messages_read":
        this.#receipts.confirm();
        return true;
      case "answer":
        this.#questions.answered(messageId, payload);
        return false;
      case "you":
        this.#you = frozen(payload);
        return true;
      case "state":
        this.#state.told(field(payload, "state"), Number(field(payload, "seq")));
        return true;
      case "error":
        this.#session.audience.emit(".error", frozen(payload));
        return false;
    }
    const data = frozen(payload);
    if (seq === undefined) {
      // A socket asks for what it said itself too; see `own-echo.ts`.
      if (origin === undefined || origin !== view.joined?.origin) {
        const signal = Object.freeze({ data, actorId: userId, timestamp });
        this.#session.audience.emit(`.${type}`, signal);
      }
      return false;
    }
    const event = { data, actorId: userId, seq, timestamp };
    if (userId === view.joined?.userId) {
      this.#state.met(type, seq);
      this.#mine = [...this.#mine, seq].slice(-MINE_MAX);
    }
    if (this.#folds) this.#fold({ type, ...event });
    this.#session.audience.emit(`.${type}`, Object.freeze(event));
    return true;
  }

  #fold(event: FoldedEvent): void {
    try {
      this.#state.fold(event);
    } catch (cause) {
      // The room could fold it, or it would not have been stored: so it is to do that from now on.
      this.#folds = false;
      this.#session.options.wants.contract = undefined;
      this.#environment.report(cause);
      const message = `apply.${event.type} failed: the room is asked for its state.`;
      this.#session.connection.comeBack({ code: "internal", message, cause }, 0);
    }
  }

  #changed(): void {
    this.#session.audience.emit("");
  }

  /** `false` when the quota has no room for it. */
  #ask(question: Question): boolean {
    const { transport } = this.#session.connection;
    // Asked again once there is a connection.
    if (transport === undefined || this.#session.isCatchingUp) return true;
    if (transport !== "websocket") {
      void this.#fetch(question);
      return true;
    }
    try {
      return this.#session.uplink.say(queryFrame(question));
    } catch (error) {
      this.#questions.failed(question, error as Error);
      return true;
    }
  }

  async #fetch(question: Question): Promise<void> {
    const { messageId } = question;
    try {
      const { fetchAnswer } = await loadPages();
      this.#questions.answered(messageId, await fetchAnswer(this.#session.options, question));
    } catch (error) {
      this.#questions.failed(question, error as Error);
    }
  }
}

function queryFrame({ messageId, name, input }: Question): EphemeralFrame {
  // Rooms of a team's own are asked alone: no table of what every room takes has it.
  return { type: "query", messageId, payload: { name, input } } as unknown as EphemeralFrame;
}
