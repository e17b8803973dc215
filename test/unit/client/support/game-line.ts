import type { Game } from "../../../../src/contract/game.ts";
import { RunningGame } from "../../../../src/game/running-game.ts";
import type { View } from "../../../../src/game/view.ts";
import { isForGood } from "../../../../src/protocol/close.ts";
import { iso } from "../../../../src/protocol/iso.ts";
import type { Json } from "../../../../src/protocol/json.ts";
import { BEARER_PREFIX } from "../../../../src/protocol/subprotocol-name.ts";
import type { FakeSocket, SentFrame } from "./fake-network.ts";
import type { ManualClock } from "./manual-clock.ts";
import { frame, joined } from "./scene.ts";

/** One connection to a game, with what is on its way in either direction, in order. */
interface Line {
  readonly connectionId: string;
  arrivesAt: number;
  leavesAt: number;
  /** By whose eyes it was told last; `undefined` when it is to be told everything. */
  view: View | undefined;
  /** What it wants an answer to. */
  asked: string[];
}

/** A timer is late by so much. */
const TIMER_MS = 0.01;

/** When an input went out, by the client's clock. */
export interface SentInput {
  readonly at: number;
  readonly payload: unknown;
}

/** The room's end of a game: a real one, at the end of lines as slow and as uneven as a test says. */
export class GameLine {
  readonly sent: SentInput[] = [];
  running: RunningGame;
  /** Milliseconds one way, drawn anew for each message; order is kept all the same. */
  latencyMs: () => number;
  /** Whether a reader is passed over in a tick, as one that does not read is. */
  isPassedOver: () => boolean = () => false;
  readonly #clock: ManualClock;
  readonly #game: Game;
  readonly #lines = new Map<FakeSocket, Line>();
  #stallsUntil = 0;
  #connections = 0;
  #isTicking = false;

  constructor(clock: ManualClock, game: Game, latencyMs: () => number) {
    this.#clock = clock;
    this.#game = game;
    this.latencyMs = latencyMs;
    this.running = new RunningGame(game, undefined);
  }

  /** Serves a new connection until it is cut; whose it is, its token says. */
  accept(socket: FakeSocket): void {
    this.#connections += 1;
    const connectionId = `c${this.#connections}`;
    const line = { connectionId, arrivesAt: 0, leavesAt: 0, view: undefined, asked: [] };
    this.#lines.set(socket, line);
    socket.onClosed = () => {
      const code = socket.closedWith ?? 1006;
      this.#up(socket, () => this.#leave(socket, !isForGood({ code, clean: true })));
      socket.close(code);
    };
    socket.onSend = (data) => {
      const sent: SentFrame = JSON.parse(String(data));
      if (sent.type === "player_input") {
        this.sent.push({ at: this.#clock.now(), payload: sent.payload });
      }
      this.#up(socket, () => this.#hear(socket, sent));
    };
    this.#up(socket, () => this.#greet(socket));
  }

  /** The network breaks for everybody: what is on its way is lost. */
  cut(): void {
    for (const socket of [...this.#lines.keys()]) {
      this.#leave(socket, true);
      socket.close(1006);
    }
  }

  /** The room stands still for so long. */
  stall(ms: number): void {
    this.#stallsUntil = this.#clock.now() + ms;
  }

  /** The room has crashed, and begins at tick 0; everybody comes again. */
  crash(): void {
    this.running = new RunningGame(this.#game, undefined);
    const sockets = [...this.#lines.keys()];
    this.#lines.clear();
    for (const socket of sockets) socket.close(1006);
  }

  /** A user's player as the room has it. */
  playerOf(userId: string): readonly number[] | undefined {
    const { players, who = [] } = this.running.viewOf("").whole;
    const id = who.find((name) => name[1] === userId)?.[0];
    return players.find((row) => row[0] === id);
  }

  #greet(socket: FakeSocket): void {
    const line = this.#lines.get(socket);
    if (line === undefined) return;
    const userId = (socket.protocols[1] ?? "").slice(BEARER_PREFIX.length);
    const mayPlay = !userId.startsWith("watcher");
    const { connectionId } = line;
    this.running.enter({ connectionId, userId, name: userId, mayPlay }, this.#clock.now());
    const playerId = this.running.playerId(connectionId);
    const { tickHz } = this.#game;
    const { fields, shared } = this.running;
    const told = { roomId: "game:arena", userId, tickHz, fields, shared, input: {} };
    const limits = { frameBytes: 65_536, contentChars: 4_000, framesPerSecond: 2 * tickHz };
    const greeting = joined({ ...told, limits, ...(playerId && { playerId }) } as object);
    this.#down(socket, () => socket.say(greeting));
    this.#tick();
  }

  #hear(socket: FakeSocket, { type, messageId, payload }: SentFrame): void {
    const line = this.#lines.get(socket);
    if (line === undefined) return;
    if (type === "leave_room") this.#leave(socket, false);
    if (type !== "player_input") return;
    const error = this.running.hear(line.connectionId, payload as Json, this.#clock.now());
    if (messageId === undefined) return;
    if (error === undefined) line.asked.push(messageId);
    else this.#refuse(socket, messageId, error);
  }

  #refuse(socket: FakeSocket, messageId: string, error: object): void {
    const refused = frame("ack", { success: false, error }, { messageId });
    this.#down(socket, () => socket.say(refused));
  }

  /** Ticks whenever one is due, until nobody is here. */
  #tick(): void {
    const { dueAt } = this.running;
    if (this.#isTicking || dueAt === undefined) return;
    this.#isTicking = true;
    // As timers, never a little too early: milliseconds since the epoch have three digits after the point.
    const waitMs = Math.max(dueAt, this.#stallsUntil) - this.#clock.now() + TIMER_MS;
    this.#clock.after(Math.max(0, waitMs), () => {
      this.#isTicking = false;
      if (this.running.advance(this.#clock.now())) this.#tell();
      this.#tick();
    });
  }

  #tell(): void {
    const timestamp = iso(this.#clock.now());
    for (const [socket, line] of this.#lines) {
      const view = this.running.viewOf(line.connectionId);
      const outcome = this.running.outcomeOf(line.connectionId);
      const acks = line.asked
        .splice(0)
        .map((messageId) =>
          "tick" in outcome
            ? frame("ack", { success: true, ...outcome }, { messageId })
            : frame("ack", { success: false, error: outcome }, { messageId }),
        );
      const isBehind = this.isPassedOver();
      const payload = line.view === view ? view.told : view.whole;
      line.view = isBehind ? undefined : view;
      const frames = isBehind ? acks : [{ type: "game_state", timestamp, payload }, ...acks];
      if (frames.length > 0) this.#down(socket, () => socket.say(...frames));
    }
  }

  #leave(socket: FakeSocket, mayComeBack: boolean): void {
    const line = this.#lines.get(socket);
    if (line === undefined) return;
    this.#lines.delete(socket);
    this.running.leave(line.connectionId, mayComeBack, this.#clock.now());
  }

  #up(socket: FakeSocket, arrive: () => void): void {
    const line = this.#lines.get(socket);
    if (line === undefined) return;
    line.leavesAt = Math.max(line.leavesAt, this.#clock.now() + this.latencyMs());
    this.#clock.after(line.leavesAt - this.#clock.now(), () => {
      if (this.#lines.get(socket) === line) arrive();
    });
  }

  #down(socket: FakeSocket, arrive: () => void): void {
    const line = this.#lines.get(socket);
    if (line === undefined) return;
    line.arrivesAt = Math.max(line.arrivesAt, this.#clock.now() + this.latencyMs());
    this.#clock.after(line.arrivesAt - this.#clock.now(), () => {
      if (this.#lines.get(socket) === line) arrive();
    });
  }
}
