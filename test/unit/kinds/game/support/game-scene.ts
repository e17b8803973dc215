import type { Game } from "../../../../../src/contract/game.ts";
import { BUILT_IN } from "../../../../../src/kinds/built-in.ts";
import { gameKind } from "../../../../../src/kinds/game/kind.ts";
import { KindTable } from "../../../../../src/kinds/kind-table.ts";
import type { GameState } from "../../../../../src/protocol/game-state.ts";
import { encodeMsgpack } from "../../../../../src/protocol/msgpack.ts";
import type { Session } from "../../../../../src/room/connections/connection.ts";
import { GameMirror } from "../../../../support/game-mirror.ts";
import { RoomScene, T0 } from "../../../room/support/scene.ts";

/** One game on real SQLite, whose time the test lets pass. */
export class GameScene extends RoomScene {
  now = T0;

  constructor(game: Game, vars: Readonly<Record<string, string>> = {}, name = "game:arena") {
    const others = BUILT_IN.filter(({ contract }) => contract.name !== "game");
    super(name, vars, new KindTable([...others, gameKind(game)]));
  }

  /** Somebody comes, by default to play. */
  come(id: string, session: Partial<Session> = {}): void {
    this.join(id, session, undefined, this.now);
  }

  /** A player wants something. */
  want(id: string, payload: object, messageId?: string): void {
    const key = messageId === undefined ? {} : { messageId };
    const frame = { type: "player_input", ...key, payload };
    const isPacked = this.room.connection(id)?.session.wire === "msgpack";
    this.hear(id, isPacked ? encodeMsgpack(frame) : frame, this.now);
  }

  /** Lets so much time pass, and whatever is due happen. */
  pass(ms: number): void {
    for (const end = this.now + ms; ; ) {
      const { room } = this;
      const dueAt = room.hasWork ? this.now + room.flushDelayMs(this.now) : Infinity;
      if (dueAt > end) {
        this.now = end;
        return;
      }
      this.now = dueAt;
      this.flush(this.now);
    }
  }

  /** What a connection was told of the game. */
  states(id: string): readonly GameState[] {
    return this.sockets
      .payloads(id, "game_state")
      .map((payload) => payload as unknown as GameState);
  }

  /** The game as a connection has it by what it was told. */
  mirror(id: string): GameMirror {
    const mirror = new GameMirror();
    for (const state of this.states(id)) mirror.take(state);
    return mirror;
  }

  /** The first frame of a connection. */
  joined(id: string) {
    return this.sockets.payloads(id, "joined_room")[0];
  }
}

/** Where a player stands, and at which tick. */
export function standing(scene: GameScene, id: string): { x: number; tick: number } {
  scene.pass(50);
  const mirror = scene.mirror(id);
  const [player] = mirror.players;
  return { x: player?.[1] ?? 0, tick: mirror.tick };
}
