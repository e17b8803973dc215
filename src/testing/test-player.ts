import type { Socket } from "../client/environment.ts";
import type { GameFields } from "../contract/game.ts";
import type { In, Schema } from "../contract/schema.ts";
import type { Ack } from "../protocol/ack.ts";
import type { Refusal } from "../protocol/error.ts";
import type { GameField, GameState, PlayerName, PlayerRow } from "../protocol/game-state.ts";
import { BEARER_PREFIX } from "../protocol/subprotocol-name.ts";
import type { GamePlayer, Told, ToldPlayer } from "./game-kit.ts";
import type { Line } from "./line.ts";
import type { TestServer } from "./test-server.ts";

/** By what somebody joins. */
interface Place {
  readonly server: TestServer;
  /** Passes time until something came of what is waited for, whatever that is. */
  readonly passFor: (work: Promise<unknown>) => Promise<void>;
  readonly settle: () => Promise<void>;
  readonly room: string;
  readonly userId: string;
  readonly token: string;
}

/** What is said to one that speaks no subprotocol: a frame each time, as JSON text. */
interface Frame {
  readonly type: string;
  readonly messageId?: string;
  readonly payload: unknown;
}

/** What its first frame tells of the game. */
interface Greeting {
  readonly playerId?: number;
  readonly fields: readonly GameField[];
  readonly shared?: readonly GameField[];
}

const DISCONNECTED = { code: "disconnected", message: "The connection has ended; join again." };

/** Somebody in a game under test, with nothing between it and what the server says. */
export class TestPlayer<F extends GameFields, I extends Schema, S extends GameFields>
  implements GamePlayer<F, I, S>
{
  readonly userId: string;
  readonly errors: Refusal[] = [];
  tick = 0;
  readonly #place: Place;
  readonly #socket: Socket;
  readonly #rows = new Map<number, PlayerRow>();
  readonly #names = new Map<number, PlayerName>();
  /** What it wanted and is not answered yet, by messageId. */
  readonly #asked = new Map<string, PromiseWithResolvers<number>>();
  readonly #told = Promise.withResolvers<void>();
  #greeting: Greeting = { fields: [] };
  #shared: readonly number[] = [];
  #line: Line | undefined;
  #isHere = true;
  #wants = 0;

  constructor(place: Place) {
    const { server, room, userId, token } = place;
    this.userId = userId;
    this.#place = place;
    const events = {
      message: (data: unknown) => this.#hear(JSON.parse(String(data))),
      close: () => this.#ended(),
    };
    const url = `https://edge.test/v1/rooms/${room}/ws`;
    this.#socket = server.openSocket(url, [`${BEARER_PREFIX}${token}`], events, (line) => {
      this.#line = line;
    });
  }

  /** Once it was told how things stand, or was not let in. */
  get told(): Promise<void> {
    return this.#told.promise;
  }

  get isHere(): boolean {
    return this.#isHere;
  }

  get playerId(): number | undefined {
    return this.#greeting.playerId;
  }

  get me(): ToldPlayer<F> | undefined {
    return this.players.find(({ id }) => id === this.playerId);
  }

  get players(): readonly ToldPlayer<F>[] {
    const { fields } = this.#greeting;
    const rows = [...this.#rows.values()].sort(([one = 0], [other = 0]) => one - other);
    return rows.map(([id = 0, ...numbers]) => {
      const [, userId = "", name = ""] = this.#names.get(id) ?? [];
      return { id, userId, name, state: unscaled<F>(fields, numbers) };
    });
  }

  get shared(): Told<S> {
    return unscaled<S>(this.#greeting.shared ?? [], this.#shared);
  }

  async want(input: In<I>): Promise<number> {
    if (!this.#isHere) throw errorOf(DISCONNECTED);
    this.#wants += 1;
    const messageId = String(this.#wants);
    const asked = Promise.withResolvers<number>();
    this.#asked.set(messageId, asked);
    this.#say({ type: "player_input", messageId, payload: input });
    await this.#place.passFor(asked.promise);
    return asked.promise;
  }

  leave(): Promise<void> {
    this.#socket.close(1000, "");
    return this.#place.settle();
  }

  drop(): Promise<void> {
    this.#line?.cut({ clientMs: 0, serverMs: 0 });
    return this.#place.settle();
  }

  #say(frame: Frame): void {
    this.#socket.send(JSON.stringify(frame));
  }

  #hear({ type, messageId = "", payload }: Frame): void {
    switch (type) {
      case "joined_room":
        this.#greeting = payload as Greeting;
        return;
      case "game_state":
        this.#take(payload as GameState);
        return;
      case "ack":
        this.#answered(messageId, payload as Ack);
        return;
      case "error":
        this.errors.push(payload as Refusal);
        return;
      case "mark":
        this.#say({ type: "read_mark", payload });
    }
  }

  #take({ tick, players, gone = [], full, shared = this.#shared, who = [] }: GameState): void {
    if (full === true) this.#rows.clear();
    for (const id of gone) this.#rows.delete(id);
    for (const row of players) this.#rows.set(row[0] ?? 0, row);
    for (const name of who) this.#names.set(name[0], name);
    this.#shared = shared;
    this.tick = tick;
    this.#told.resolve();
  }

  #answered(messageId: string, ack: Ack): void {
    const asked = this.#asked.get(messageId);
    this.#asked.delete(messageId);
    if (!ack.success) asked?.reject(errorOf(ack.error));
    else if (ack.savedId === undefined) asked?.resolve(ack.tick ?? this.tick);
  }

  #ended(): void {
    this.#isHere = false;
    this.#told.resolve();
    for (const { reject } of this.#asked.values()) reject(errorOf(DISCONNECTED));
    this.#asked.clear();
  }
}

/** Numbers as the game has them, of such as they are told. */
function unscaled<F extends GameFields>(
  fields: readonly GameField[],
  numbers: readonly number[],
): Told<F> {
  const told = fields.map(({ name, scale }, at) => [name, (numbers[at] ?? 0) / scale] as const);
  // By what the server says that the game has, which is what its type says.
  return Object.fromEntries(told) as Told<F>;
}

/** A refusal as an error. */
export function errorOf(refused: { readonly code: string; readonly message: string }): Error {
  return Object.assign(new Error(refused.message), refused);
}
