import type { Game } from "../contract/game.ts";
import type { PresentUser } from "../protocol/message.ts";
import { EnteredRoom } from "./entered-room.ts";
import type { GameKind } from "./game-kind.ts";
import type { GameEvents, GamePerson, GamePlayer, InputOf, SharedOf } from "./game-types.ts";
import type { StatusReason } from "./room-event.ts";
import type { RoomSession } from "./room-session.ts";

/** What {@link GameRoom.subscribe} tells of. */
const SHOWN = ["status", "people", "playing", "shared"] as const;

/**
 * A game as one user plays or watches it (P19.1). Made by `client.game(…)`, each a handle of its own;
 * closed for good by {@link leave}, or by a refusal.
 */
export class GameRoom<G extends Game = Game> extends EnteredRoom<GameKind, GameEvents<G>> {
  /** The room's name, `game:` included. */
  readonly id: string;

  /** For the client: applications call `client.game(…)`. */
  constructor(id: string, session: RoomSession<GameKind, GameEvents>) {
    // What comes in is what the game says: the server holds to it.
    super(session as unknown as RoomSession<GameKind, GameEvents<G>>);
    this.id = id;
  }

  /** Why there is no connection, as of the last failure; `undefined` while there is one. */
  override get reason(): StatusReason | undefined {
    return super.reason ?? (this.isLeft ? undefined : this.session.kind.refused);
  }

  /** Ticks a second; `undefined` before the first join. */
  get tickHz(): number | undefined {
    return this.session.kind.tickHz;
  }

  /** The newest tick that was told of; 0 before the first. It may go back when the server had a crash. */
  get tick(): number {
    return this.session.kind.tick;
  }

  /** Whether this connection has a player; else it watches, for want of `write`, of a place, or of a WebSocket. */
  get canPlay(): boolean {
    return this.playerId !== undefined;
  }

  /** The own player's; `undefined` of those who watch. After a restart of the server it is another one. */
  get playerId(): number | undefined {
    return this.session.kind.playerId;
  }

  /** Who plays and is in sight, as of the last that was heard: another array when it has changed. */
  get people(): readonly GamePerson[] {
    return this.session.kind.people;
  }

  /** Everybody who is connected, those who watch included. */
  get users(): readonly PresentUser[] {
    return this.session.view.users;
  }

  /** What the game tells beside its players, as of the last that was heard; another object when it has changed. */
  get shared(): SharedOf<G> {
    return this.session.kind.shared as SharedOf<G>;
  }

  /**
   * Whether the own player is shown where it is by now, by the game's own rules; else as the others are, a
   * moment ago. Never where the game is not known here.
   */
  get predicts(): boolean {
    return this.session.kind.predicts;
  }

  set predicts(predicts: boolean) {
    this.session.kind.predicts = predicts;
  }

  /**
   * All players in sight as they are to be drawn now: others as they were a moment ago, between two
   * states that were told, and the own one as {@link me}. One array and its objects serve all drawings:
   * read them, and keep nothing of them.
   *
   * @param now as the `clock` of the options tells it: by default the time that `requestAnimationFrame`
   * hands on.
   */
  players(now?: number): readonly GamePlayer<G>[] {
    // What is told of each is what the game says: the server holds to it.
    return this.session.kind.players(now) as unknown as readonly GamePlayer<G>[];
  }

  /** The own player of {@link players}; `undefined` of those who watch, and before it was told. */
  me(now?: number): GamePlayer<G> | undefined {
    // As of all players.
    return this.session.kind.me(now) as unknown as GamePlayer<G> | undefined;
  }

  /**
   * What the own player wants from now on, until the next: goes out at once, at most one a tick, and of
   * those between the newest. What is wanted without a connection, or while this user only watches, goes
   * out when it can.
   *
   * @throws {RealtimeError} `invalid_frame` for what is no JSON, or not what the game takes.
   */
  want(input: InputOf<G>): void {
    if (!this.isLeft) this.session.kind.want(input);
  }

  /** Calls when anything that this handle shows beside the players may be another one now. */
  subscribe(changed: () => void): () => void {
    const off = SHOWN.map((type) => this.on(type, () => changed()));
    return () => {
      for (const end of off) end();
    };
  }
}
