import { decode, encode } from "@msgpack/msgpack";
import WebSocket from "ws";
import type { GameState } from "../../../src/protocol/game-state.ts";
import { MSGPACK_SUBPROTOCOL } from "../../../src/protocol/msgpack-subprotocol.ts";
import { JSON_SUBPROTOCOL } from "../../../src/protocol/subprotocol-name.ts";
import { GameMirror } from "../../support/game-mirror.ts";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import { until } from "./until.ts";

/** The subprotocol of each wire; the plain one has none. */
const SUBPROTOCOLS = {
  plain: [],
  json: [JSON_SUBPROTOCOL],
  msgpack: [MSGPACK_SUBPROTOCOL],
} as const;

export type PlayerWire = keyof typeof SUBPROTOCOLS;

interface Frame {
  readonly type: string;
  readonly payload?: unknown;
}

/** How somebody comes into a game. */
interface Entry {
  readonly userId: string;
  readonly wire?: PlayerWire;
  /** By default to play as well. */
  readonly can?: readonly string[];
  /** Whether it knows marks, as it does unless told. */
  readonly answersMarks?: boolean;
}

/** Somebody in a game, who makes its own copy of it out of what it is told. */
export class GamePlayer {
  readonly mirror = new GameMirror();
  readonly states: GameState[] = [];
  /** What it was greeted with. */
  joined: { readonly playerId?: number; readonly tickHz: number } | undefined;
  readonly errors: unknown[] = [];
  isClosed = false;
  readonly #socket: WebSocket;
  readonly #isBinary: boolean;
  readonly #answersMarks: boolean;

  private constructor(socket: WebSocket, isBinary: boolean, answersMarks: boolean) {
    this.#socket = socket;
    this.#isBinary = isBinary;
    this.#answersMarks = answersMarks;
    socket.on("error", () => {});
    socket.on("close", () => {
      this.isClosed = true;
    });
    socket.on("message", (data: Buffer) => this.#hear(this.#decode(data)));
  }

  /** Comes in, and waits for its first state. */
  static async enter(port: number, room: string, entry: Entry): Promise<GamePlayer> {
    const { userId, wire = "plain", can = ["read", "write"], answersMarks = true } = entry;
    const token = tokenFor(userId, SECRETS.AUTH_SECRET, { rooms: { "*": can } });
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/rooms/${room}/ws?token=${token}`, [
      ...SUBPROTOCOLS[wire],
    ]);
    const player = new GamePlayer(socket, wire === "msgpack", answersMarks);
    await until(
      () => player.states.length > 0,
      () =>
        `${userId} was told ${JSON.stringify(player.joined)} and ${JSON.stringify(player.errors)}`,
    );
    return player;
  }

  /** Its own player, as it knows it: the fields without the id. */
  get fields(): readonly number[] {
    return this.mirror.rows.get(this.joined?.playerId ?? 0)?.slice(1) ?? [];
  }

  wants(input: object): void {
    this.#send({ type: "player_input", payload: input });
  }

  /** Leaves as it should. */
  close(): void {
    this.#socket.close(1000);
  }

  /** Is gone from one moment to the next. */
  drop(): void {
    this.#socket.terminate();
  }

  /** Reads nothing more, or reads on. */
  read(reads: boolean): void {
    if (reads) this.#socket.resume();
    else this.#socket.pause();
  }

  #hear({ type, payload }: Frame): void {
    switch (type) {
      case "batch":
        for (const frame of payload as readonly Frame[]) this.#hear(frame);
        return;
      case "joined_room":
        this.joined = payload as typeof this.joined;
        return;
      case "game_state":
        this.states.push(payload as GameState);
        this.mirror.take(payload as GameState);
        return;
      case "mark":
        if (this.#answersMarks) this.#send({ type: "read_mark", payload });
        return;
      case "error":
        this.errors.push(payload);
    }
  }

  #send(frame: Frame): void {
    this.#socket.send(this.#isBinary ? encode(frame) : JSON.stringify(frame));
  }

  #decode(data: Buffer): Frame {
    return (this.#isBinary ? decode(data) : JSON.parse(data.toString())) as Frame;
  }
}
