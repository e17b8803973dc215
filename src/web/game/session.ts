import type { GameRoom, RealtimeClient } from "../../client/index.ts";
import { arena } from "../../kinds/game/arena.ts";
import type { Connection, Problem } from "../connection/connection.ts";
import { connectionOf, problemOf } from "../connection/from-sdk.ts";
import { STILL } from "./input/direction.ts";
import type { Part, PlayState } from "./state/play-state.ts";

/** The arena's room, as the SDK hands it out. */
export type ArenaRoom = GameRoom<typeof arena>;

/** One visit to an arena. */
export class ArenaSession {
  readonly #client: RealtimeClient;
  readonly #name: string;
  readonly #listeners = new Set<() => void>();
  #room: ArenaRoom | undefined;
  #connection: Connection = { state: "connecting" };
  #refusal: Problem | undefined;
  #predicts = true;
  #isClosed = false;
  #state: PlayState;

  constructor(client: RealtimeClient, name: string) {
    this.#client = client;
    this.#name = name;
    this.#state = this.#now();
    void this.#open();
  }

  /** What is known now. A new object whenever there is more. */
  get state(): PlayState {
    return this.#state;
  }

  /** The game, once its code is there. */
  get room(): ArenaRoom | undefined {
    return this.#room;
  }

  /** Whether one's own player moves before the server has said so. */
  set predicts(predicts: boolean) {
    this.#predicts = predicts;
    if (this.#room !== undefined) this.#room.predicts = predicts;
  }

  /** Calls back after every change of {@link state}. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#listeners.clear();
    await this.#room?.leave();
  }

  async #open(): Promise<void> {
    try {
      // Whoever looks elsewhere must not walk on: their keys are told of no more.
      const idle = STILL;
      const predicts = this.#predicts;
      const room = await this.#client.game(arena, this.#name, {
        idle,
        predicts,
        discrete: ["score"],
      });
      if (this.#isClosed) return await room.leave();
      room.predicts = this.#predicts;
      this.#room = room;
      room.on("status", (change) => {
        this.#connection = connectionOf(change, this.#connection, Date.now());
        this.#tell();
      });
      room.on("error", (refusal) => {
        this.#refusal = refusal;
        this.#tell();
      });
      room.subscribe(this.#tell);
      this.#connection = connectionOf({ status: room.status }, this.#connection, Date.now());
    } catch (error) {
      this.#connection = { state: "closed", problem: problemOf(error) };
    }
    this.#tell();
  }

  readonly #tell = (): void => {
    const now = this.#now();
    if (isSame(this.#state, now)) return;
    this.#state = now;
    for (const listener of this.#listeners) listener();
  };

  #now(): PlayState {
    return {
      connection: this.#connection,
      part: this.#part(),
      lacksSocket: (this.#room?.transport ?? "websocket") !== "websocket",
      refusal: this.#refusal,
    };
  }

  #part(): Part {
    const playerId = this.#connection.state === "closed" ? undefined : this.#room?.playerId;
    if (playerId !== undefined) return { does: "play", playerId };
    return { does: this.#connection.state === "open" ? "watch" : "nothing" };
  }
}

/** The SDK also tells of what the page takes from it with each frame. */
function isSame(before: PlayState, now: PlayState): boolean {
  return (
    before.connection === now.connection &&
    before.refusal === now.refusal &&
    before.lacksSocket === now.lacksSocket &&
    before.part.does === now.part.does &&
    (now.part.does !== "play" ||
      (before.part.does === "play" && before.part.playerId === now.part.playerId))
  );
}
