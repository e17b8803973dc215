import type { Game } from "../contract/game.ts";
import type { Refusal } from "../protocol/error.ts";
import type { Json } from "../protocol/json.ts";
import type { Ack, JoinedRoom, ServerFrameOf } from "../protocol/server-frame.ts";
import type { ClientKind, ForwardedFrame } from "./client-kind.ts";
import type { Cancel } from "./environment.ts";
import type { LastFrame } from "./frame-reader.ts";
import { field } from "./frame-shape.ts";
import { GamePicture, type PictureParts } from "./game-picture.ts";
import { type GreetedGame, gameOf } from "./game-shape.ts";
import type { GameEvents, GamePerson } from "./game-types.ts";
import { InputReader } from "./input-reader.ts";
import { InputSender, type Wanted } from "./input-sender.ts";
import { onPageRest } from "./page-rest.ts";
import { plainCopy } from "./plain.ts";
import type { PlayerState } from "./prediction.ts";
import type { RoomSession } from "./room-session.ts";
import type { ToldPlayer } from "./told-player.ts";
import type { EphemeralFrame } from "./uplink.ts";

/** A server that has sent what cannot be may do so again: milliseconds until it is come back to. */
const REST_MS = 1_000;
const NOBODY: readonly ToldPlayer[] = [];
/** Nobody has been told of yet. */
const UNTOLD: readonly GamePerson[] = [];
const NOTHING: Readonly<PlayerState> = Object.freeze({});
const NOT_BY_POLLS: Refusal = {
  code: "unavailable",
  message:
    "A game is not told by polling: it needs a WebSocket, or Server-Sent Events to be watched.",
  retryable: false,
};

/** How a game is entered. */
export interface GameSetting extends Omit<PictureParts, "report"> {
  readonly predicts: boolean;
  readonly idle: Json | undefined;
  /** Milliseconds that only go up. */
  readonly clock: () => number;
}

/** What only a game does: it keeps what is told of it, and says what its player wants. */
export class GameKind implements ClientKind {
  /** All of it is told each second. */
  readonly losesByGaps = false;
  readonly #session: RoomSession<GameKind, GameEvents>;
  readonly #setting: GameSetting;
  readonly #reader: InputReader;
  readonly #sender: InputSender;
  readonly #unsubscribe: Cancel;
  #predicts: boolean;
  #greeted: GreetedGame | undefined;
  #picture: GamePicture | undefined;
  #playerId: number | undefined;
  #people = UNTOLD;
  /** As the application was told it last. */
  #shared: Readonly<PlayerState> | undefined;
  #refused: Refusal | undefined;

  constructor(session: RoomSession<GameKind, GameEvents>, setting: GameSetting) {
    const { environment } = session.options;
    const { game, idle, clock, predicts } = setting;
    this.#session = session;
    this.#setting = setting;
    this.#predicts = predicts;
    this.#reader = new InputReader(game, environment.report);
    this.#sender = new InputSender({
      environment,
      clock,
      say: (messageId, payload) => this.#say(inputFrame(messageId, payload)),
      sent: (messageId, { input }) => {
        if (input !== undefined) this.#picture?.sent(messageId, input.value, clock());
      },
    });
    const resting = idle === undefined ? undefined : this.#wantedOf(idle);
    this.#unsubscribe = onPageRest(() => {
      if (resting !== undefined && this.#sender.wanted !== undefined) this.#sender.want(resting);
    });
  }

  /** The game itself, where this end has it. */
  get game(): Game | undefined {
    return this.#setting.game;
  }

  get tickHz(): number | undefined {
    return this.#greeted?.tickHz;
  }

  get tick(): number {
    return this.#picture?.tick ?? 0;
  }

  get playerId(): number | undefined {
    return this.#playerId;
  }

  get people(): readonly GamePerson[] {
    return this.#people;
  }

  get shared(): Readonly<PlayerState> {
    return this.#picture?.shared ?? NOTHING;
  }

  /** Why the game was given up from here. */
  get refused(): Refusal | undefined {
    return this.#refused;
  }

  get predicts(): boolean {
    return this.#predicts && this.#setting.game !== undefined;
  }

  set predicts(predicts: boolean) {
    this.#predicts = predicts;
    if (this.#picture !== undefined) this.#picture.predicts = predicts;
  }

  players(now = this.#setting.clock()): readonly ToldPlayer[] {
    return this.#picture?.players(now) ?? NOBODY;
  }

  me(now = this.#setting.clock()): ToldPlayer | undefined {
    return this.#picture?.me(now);
  }

  /**
   * From now on the own player wants this.
   *
   * @throws {RealtimeError} `invalid_frame` for what is no JSON, or nothing that the game takes.
   */
  want(input: unknown): void {
    this.#sender.want(this.#wantedOf(input));
  }

  snapshot(joined: JoinedRoom): JoinedRoom {
    return joined;
  }

  greeted(joined: JoinedRoom): void {
    const before = this.#greeted;
    // By polls nothing is told of it: once a WebSocket gets through again, it goes on as it was.
    const greeted = gameOf(joined) ?? (before && { ...before, playerId: undefined });
    this.#greeted = greeted;
    // Where it goes on as before, what is drawn does as well.
    if (greeted !== undefined && shapeOf(greeted) !== shapeOf(before)) this.#begin(greeted);
  }

  caughtUp(): void {
    const { tickHz, playerId } = this.#greeted ?? {};
    if (tickHz !== undefined && playerId !== undefined) this.#sender.open(1_000 / tickHz);
  }

  heard(frame: ForwardedFrame | LastFrame): void {
    switch (frame.type) {
      case "joined_room":
        this.#play(this.#greeted?.playerId);
        if (gameOf(frame.payload) === undefined) this.#miss(NOT_BY_POLLS);
        break;
      case "game_state":
        this.#take(frame);
        break;
      case "error":
        this.#session.audience.emit("error", frame.payload);
        break;
    }
  }

  answered(messageId = "", ack: Ack): void {
    const { clock } = this.#setting;
    if (ack.success) {
      const tick = field(ack, "tick");
      if (typeof tick === "number") this.#picture?.applied(messageId, tick, clock());
      return;
    }
    const { code, retryAfterMs } = ack.error;
    this.#picture?.refused(messageId, code === "internal", clock());
    if (code === "access_denied") this.#play(undefined);
    else this.#sender.refused(retryAfterMs);
    this.#session.audience.emit("error", ack.error);
  }

  interrupted(): void {
    this.#sender.suspend();
    this.#picture?.stop(this.#setting.clock());
  }

  closed(): void {
    this.#unsubscribe();
  }

  #wantedOf(input: unknown): Wanted {
    // A copy: it may wait, and what was handed over stays the application's own to change.
    const json = plainCopy(input);
    return { json, input: this.#reader.read(json) };
  }

  /** What is longer than the server takes is reported, and not tried again. */
  #say(frame: EphemeralFrame): boolean {
    try {
      return this.#session.uplink.say(frame);
    } catch (error) {
      this.#session.options.environment.report(error);
      return true;
    }
  }

  #begin(greeted: GreetedGame): void {
    const { report } = this.#session.options.environment;
    const picture = new GamePicture(greeted, { ...this.#setting, report });
    picture.predicts = this.#predicts;
    picture.playerId = this.#playerId;
    this.#picture = picture;
    this.#shared ??= picture.shared;
  }

  #play(playerId: number | undefined): void {
    const before = this.#playerId;
    this.#playerId = playerId;
    if (this.#picture !== undefined) this.#picture.playerId = playerId;
    if (playerId === undefined) this.#sender.suspend();
    if (playerId !== before) this.#session.audience.emit("playing", playerId);
  }

  #take({ payload, timestamp }: ServerFrameOf<"game_state">): void {
    // After a crash a game may go on from an earlier tick.
    const isBack = payload.full === true && payload.tick < this.tick;
    if (isBack && this.#greeted !== undefined) this.#begin(this.#greeted);
    const picture = this.#picture;
    if (picture?.takes(payload) !== true) {
      const message = `The state after tick ${payload.tick} is none of this game.`;
      this.#session.connection.comeBack({ code: "invalid_frame", message }, REST_MS);
      return;
    }
    const { audience } = this.#session;
    const haveChanged = picture.take(payload, Date.parse(timestamp), this.#setting.clock());
    if (haveChanged) this.#meet(picture.people);
    // What was sent before that was known, only the picture knows that is gone.
    if (isBack) this.caughtUp();
    if (picture.shared !== this.#shared) {
      this.#shared = picture.shared;
      audience.emit("shared", picture.shared);
    }
    audience.emit("tick", payload.tick);
  }

  #meet(people: readonly GamePerson[]): void {
    const { audience } = this.#session;
    const before = this.#people;
    this.#people = people;
    for (const person of missing(before, people)) audience.emit("gone", person);
    // Who was there when it was entered has not joined since.
    const joined = before === UNTOLD ? UNTOLD : missing(people, before);
    for (const person of joined) audience.emit("joined", person);
    audience.emit("people", people);
  }

  /** Nothing is told of it on this connection; where nothing ever was, it is given up. */
  #miss(refused: Refusal): void {
    this.#session.audience.emit("error", refused);
    if (this.#greeted !== undefined) return;
    this.#refused = refused;
    void this.#session.close();
  }
}

/** How a game is told, whoever plays it. */
function shapeOf(greeted: GreetedGame | undefined): string {
  return JSON.stringify({ ...greeted, playerId: 0 });
}

function inputFrame(messageId: string, payload: Json): EphemeralFrame {
  // Of what may be lost, games alone answer something: no table of what every room takes says so.
  return { type: "player_input", messageId, payload } as EphemeralFrame;
}

/** Those of some who are not among others. */
function missing(
  some: readonly GamePerson[],
  others: readonly GamePerson[],
): readonly GamePerson[] {
  const keyOf = ({ id, userId }: GamePerson) => `${id} ${userId}`;
  const known = new Set(others.map(keyOf));
  return some.filter((person) => !known.has(keyOf(person)));
}
