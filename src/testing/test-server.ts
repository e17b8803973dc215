import type { Socket, SocketEvents } from "../client/environment.ts";
import type { Notice } from "../kinds/inbox/notice.ts";
import type { Admission } from "../protocol/admission.ts";
import { type Admitted, type Asked, admittedBy } from "../protocol/authority.ts";
import { encodeFrame } from "../protocol/codec.ts";
import { cursorOf } from "../protocol/cursor.ts";
import type { Refusal } from "../protocol/error.ts";
import { permissionsIn } from "../protocol/grant.ts";
import { socketQuerySchema } from "../protocol/http.ts";
import { iso } from "../protocol/iso.ts";
import { parseRoomName } from "../protocol/parse-room-name.ts";
import { closeCodeFor } from "../protocol/refusal-close.ts";
import { NOTHING_GRANTED } from "../protocol/refusals.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import { parseOffer } from "../protocol/subprotocol.ts";
import type { Outcome } from "../room/flush/outcome.ts";
import { Line } from "./line.ts";
import { limitsOf } from "./room-life.ts";
import { seededRandom, seededUuid } from "./seeded-random.ts";
import type { TestDeployment } from "./surroundings.ts";
import { TestRoom } from "./test-room.ts";
import { readTestToken, testVerifier } from "./test-token.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { WallClock } from "./wall-clock.ts";

/** How the world around the rooms behaves. Every number is in milliseconds. */
export interface Weather {
  /** How long a write takes until it is on disk. */
  readonly diskMs: () => number;
  /** How long a message takes, one way. */
  readonly networkMs: () => number;
  /** What becomes of a call from one room to another. */
  readonly call: () => "arrives" | "lost" | "unanswered";
}

/** How a server begins. */
export interface TestServerOptions {
  readonly seed?: number;
  /** When it begins, milliseconds since the epoch. */
  readonly now?: number;
  /** Settings, as a deployment's vars say them. */
  readonly vars?: Readonly<Record<string, string>>;
  readonly weather?: Partial<Weather>;
  /** The default one when absent. */
  readonly deployment?: TestDeployment;
  /** An inbox has taken a notice, perhaps one that it had already. */
  readonly notified?: (inbox: string, notice: Notice) => void;
  /** Something of a room is on disk now. */
  readonly written?: (room: TestRoom) => void;
  /** All that a room has stored is about to be erased, what is not on disk yet included. */
  readonly erasing?: (room: TestRoom) => void;
}

const FAIR: Weather = { diskMs: () => 0, networkMs: () => 0, call: () => "arrives" };

/**
 * A whole deployment under plain Node: the real rooms on real SQLite, a clock that stands still until
 * it is told, and sockets in memory. The same seed gives the same run.
 */
export class TestServer {
  readonly clock: VirtualClock;
  /** What the server takes for the time. */
  readonly wall: WallClock;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly weather: Weather;
  readonly #rooms = new Map<string, TestRoom>();
  readonly #told: Omit<TestServerOptions, "seed" | "now" | "vars" | "weather">;
  #limits: RoomLimits;

  constructor({
    seed = 1,
    now = Date.UTC(2026, 0, 1),
    vars,
    weather,
    ...told
  }: TestServerOptions = {}) {
    this.clock = new VirtualClock(now);
    this.wall = new WallClock(this.clock.now);
    this.random = seededRandom(seed);
    this.weather = { ...FAIR, ...weather };
    this.#told = told;
    this.#limits = limitsOf(vars);
  }

  /** Every room that anybody has asked for. */
  get rooms(): readonly TestRoom[] {
    return [...this.#rooms.values()];
  }

  /** A room by its name; it comes to be when it is first asked for. */
  room(name: string): TestRoom {
    const known = this.#rooms.get(name);
    if (known !== undefined) return known;
    const room: TestRoom = new TestRoom({
      name,
      wall: this.wall,
      after: this.clock.after,
      random: this.random,
      randomUUID: () => seededUuid(this.random),
      limits: () => this.#limits,
      diskMs: this.weather.diskMs,
      deliver: (to, notices) => this.#deliver(to, notices),
      verifier: testVerifier(this.wall.now),
      deployment: this.#told.deployment,
      written: () => this.#told.written?.(room),
      erasing: () => this.#told.erasing?.(room),
    });
    this.#rooms.set(name, room);
    return room;
  }

  /** Rooms take these settings with their next life. */
  set vars(vars: Readonly<Record<string, string>>) {
    this.#limits = limitsOf(vars);
  }

  /** Lets so many milliseconds pass. */
  advance(ms: number): Promise<void> {
    return this.clock.advance(ms);
  }

  /** Opens a WebSocket as the SDK asks for it; `opened` is handed the line it goes over. */
  openSocket(
    url: string,
    protocols: readonly string[],
    events: SocketEvents,
    opened: (line: Line) => void = () => {},
  ): Socket {
    const { clock, weather } = this;
    const { now, after } = clock;
    const { networkMs } = weather;
    const line = new Line(
      { now, after, upMs: networkMs, downMs: networkMs },
      {
        message: (message) => events.message(asReceived(message)),
        closed: (code) => events.close(code),
      },
    );
    opened(line);
    line.arrive(() => this.#admit(new URL(url), protocols.join(), line));
    return {
      // The platform hands over a copy.
      send: (data) => line.sendUp(typeof data === "string" ? data : data.slice()),
      close: (code, reason) => line.closeUp(code, reason),
    };
  }

  /** The Worker's part: who wants in where, and whether it may. */
  #admit(url: URL, protocols: string, line: Line): void {
    const { wire, token = "" } = parseOffer(protocols);
    const refuse = (error: Refusal) => {
      const frame = { type: "error", timestamp: iso(this.wall.now()), payload: error } as const;
      line.sendDown(encodeFrame(wire, frame));
      line.closeDown(closeCodeFor(error.code), error.code);
    };
    const room = parseRoomName(decodeURIComponent(url.pathname.split("/").at(-2) ?? ""));
    const identity = readTestToken(token, this.wall.now());
    if ("code" in identity) {
      refuse(identity);
      return;
    }
    const permissions = permissionsIn(room, identity);
    if (permissions.length === 0) {
      refuse(NOTHING_GRANTED);
      return;
    }
    const query = socketQuerySchema.parse(Object.fromEntries(url.searchParams));
    const { userId, name, expiresAt } = identity;
    // No test's client has a contract that is too old.
    const folds = query.contract?.split(".")[1];
    const granted = this.#told.deployment?.granted(room.name, userId);
    const byToken = { permissions: [...permissions], expiresAt };
    const admission: Admission = {
      session: {
        userId,
        name,
        ...(granted === undefined ? byToken : admittedBy(granted, this.#asked(url, byToken))),
        wire,
        transport: "websocket",
        address: userId,
        ...(folds === undefined ? {} : { folds }),
        ...(query.echo === undefined ? {} : { echo: true }),
      },
      cursor: cursorOf(query.since, query.epoch),
      history: query.history,
    };
    this.room(room.name).enter(admission, line, refuse);
  }

  /** What a rule would be asked about on this token. */
  #asked(
    { href }: URL,
    { permissions, expiresAt }: Pick<Admitted, "permissions" | "expiresAt">,
  ): Asked {
    return {
      askedAt: this.wall.now(),
      tokenEndsAt: expiresAt,
      grants: permissions,
      request: { url: href, headers: {} },
    };
  }

  async #deliver(to: string, notices: readonly Notice[]): Promise<readonly Outcome[]> {
    const fate = this.weather.call();
    await this.#travel();
    if (fate === "lost") throw new Error("The call was lost.");
    const outcomes = await this.room(to).deliver(notices);
    for (const [index, notice] of notices.entries()) {
      if (outcomes[index]?.ok === true) this.#told.notified?.(to, notice);
    }
    await this.#travel();
    if (fate === "unanswered") throw new Error("The answer was lost.");
    return outcomes;
  }

  #travel(): Promise<void> {
    const delayMs = this.weather.networkMs();
    if (delayMs === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.clock.after(delayMs, resolve);
    });
  }
}

/** Binary as a browser hands it over. */
function asReceived(message: string | Uint8Array): unknown {
  return typeof message === "string" ? message : message.slice().buffer;
}
