import type { Game, GameFields } from "../contract/game.ts";
import type { Schema } from "../contract/schema.ts";
import { BUILT_IN } from "../kinds/built-in.ts";
import { gameKind } from "../kinds/game/kind.ts";
import { SqlSavedGame } from "../kinds/game/sql-saved-game.ts";
import { KindTable } from "../kinds/kind-table.ts";
import type { Permission } from "../protocol/grant.ts";
import type { Json } from "../protocol/json.ts";
import type { GameKit, GamePlayer } from "./game-kit.ts";
import { Pump } from "./pump.ts";
import type { Guise, TestRoomOptions } from "./room-kit.ts";
import { sqlite } from "./sqlite.ts";
import type { TestDeployment } from "./surroundings.ts";
import { errorOf, TestPlayer } from "./test-player.ts";
import type { TestRoom } from "./test-room.ts";
import { TestServer } from "./test-server.ts";
import { TOKEN_MS, testToken } from "./test-token.ts";

const PLAYER: readonly Permission[] = ["read", "write"];
/** What is saved is stored at once, and tests come and go as often as they like. */
const VARS = { FLUSH_GAP_MS: "0", LIMIT_JOINS_PER_MINUTE: "0" };
/** Nothing outside of the game: no webhooks, no rules beside its own. */
const ALONE: Omit<TestDeployment, "kinds"> = {
  subscriptions: () => [],
  reviews: { env: {}, running: (review) => review, failed: () => {} },
  granted: () => undefined,
  authorizes: () => false,
  carriers: {},
};

/**
 * Makes a game to be tested, tick by tick: what `game()` made, in the real room, on real SQLite, in
 * memory. Runs on plain Node, from 22.13 on, under any test runner.
 *
 * @throws {Error} on an older Node.
 */
export function testGame<F extends GameFields, I extends Schema, S extends GameFields>(
  game: Game<F, I, S>,
  options: Omit<TestRoomOptions, "env"> = {},
): GameKit<F, I, S> {
  return new Kit(game, options);
}

class Kit<F extends GameFields, I extends Schema, S extends GameFields>
  implements GameKit<F, I, S>
{
  readonly name: string;
  readonly #server: TestServer;
  readonly #pump: Pump;
  readonly #players: TestPlayer<F, I, S>[] = [];

  constructor(game: Game<F, I, S>, { seed = 1, now }: Omit<TestRoomOptions, "env">) {
    // Said at once, and not by the first who joins.
    sqlite();
    const kind = gameKind(game as unknown as Game);
    const { prefix } = kind.contract;
    const others = BUILT_IN.filter(({ contract }) => contract.prefix !== prefix);
    this.name = `${prefix}:test`;
    this.#server = new TestServer({
      seed,
      vars: VARS,
      ...(now === undefined ? {} : { now }),
      deployment: { ...ALONE, kinds: new KindTable([...others, kind]) },
    });
    this.#pump = new Pump(this.#server.clock);
  }

  async join(
    userId: string,
    { name = userId, can = PLAYER }: Guise = {},
  ): Promise<GamePlayer<F, I, S>> {
    const grants = { [this.name]: can };
    const player = new TestPlayer<F, I, S>({
      server: this.#server,
      room: this.name,
      userId,
      token: testToken({ userId, name, grants, expiresAt: this.now + TOKEN_MS }),
      passFor: (work) => this.#pump.passFor(work, () => false),
      settle: () => this.#pump.settle(),
    });
    await this.#pump.passFor(player.told, () => false);
    const refused = player.errors.at(-1);
    if (!player.isHere && refused !== undefined) throw errorOf(refused);
    this.#players.push(player);
    return player;
  }

  async ticks(count: number): Promise<void> {
    const reader = this.#players.find(({ isHere }) => isHere);
    if (reader === undefined) throw new Error("Nobody is here, so the game stands still.");
    const { tick } = reader;
    await this.#pump.pass(() => reader.tick >= tick + count || !reader.isHere);
  }

  advance(ms: number): Promise<void> {
    return this.#pump.advance(ms);
  }

  crash(): Promise<void> {
    this.#room.crash();
    return this.#pump.settle();
  }

  async hibernate(): Promise<void> {
    await this.#pump.settle();
    if (this.#room.connections > 0) throw new Error("The game goes on, and does not sleep.");
    // The timer of the tick that would have come next goes off yet.
    await this.#pump.pass(() => this.#room.hibernate());
  }

  get saved(): Json | undefined {
    return new SqlSavedGame(this.#room.stored.store.tables).load()?.data;
  }

  get now(): number {
    return this.#server.clock.now();
  }

  get writes(): number {
    return this.#room.writes;
  }

  get failures(): readonly unknown[] {
    return this.#room.failures;
  }

  get #room(): TestRoom {
    return this.#server.room(this.name);
  }
}
