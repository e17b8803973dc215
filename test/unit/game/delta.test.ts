import { describe, expect, it } from "vitest";
import { RunningGame } from "../../../src/game/running-game.ts";
import type { View } from "../../../src/game/view.ts";
import { seededRandom } from "../../../src/testing/seeded-random.ts";
import { Dice } from "../../simulation/dice.ts";
import { GameMirror } from "../../support/game-mirror.ts";
import { walking, walkingInFog } from "./support/games.ts";

const TICK_MS = 50;
const PEOPLE = ["ann", "ben", "cai", "dee", "eva", "fay"];

/** A reader of a game: in step by the eyes that it was told by, or fallen behind. */
interface Reader {
  readonly id: string;
  readonly mirror: GameMirror;
  toldBy: View | undefined;
}

function tell(running: RunningGame, reader: Reader, reads: boolean): void {
  const view = running.viewOf(reader.id);
  if (!reads) {
    reader.toldBy = undefined;
    return;
  }
  reader.mirror.take(reader.toldBy === view ? view.told : view.whole);
  reader.toldBy = view;
}

describe.each([
  ["all see all", walking()],
  ["each sees those near it", walkingInFog(1)],
])("What a game tells where %s", (_, played) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "has changes that, applied, are the whole at every tick, for readers that fall behind too (seed %i)",
    (seed) => {
      const dice = new Dice(seededRandom(seed));
      const running = new RunningGame(played, undefined);
      const readers = new Map<string, Reader>();
      let connections = 0;
      for (let tick = 1; tick <= 400; tick += 1) {
        const now = tick * TICK_MS;
        if (dice.chance(0.1)) {
          connections += 1;
          const userId = dice.pick(PEOPLE) ?? "ann";
          const id = `${userId}-${connections}`;
          const mayPlay = dice.chance(0.8);
          running.enter({ connectionId: id, userId, name: userId, mayPlay }, now);
          readers.set(id, { id, mirror: new GameMirror(), toldBy: undefined });
        }
        for (const { id } of [...readers.values()]) {
          if (dice.chance(0.3))
            running.hear(id, { dx: dice.whole(-4, 4), dy: dice.whole(-4, 4) }, now);
          if (!dice.chance(0.02)) continue;
          running.leave(id, dice.chance(0.5), now);
          readers.delete(id);
        }
        if (!running.advance(now)) continue;
        for (const reader of readers.values()) {
          tell(running, reader, dice.chance(0.7));
          if (reader.toldBy === undefined) continue;
          const truth = new GameMirror();
          truth.take(running.viewOf(reader.id).whole);
          expect(reader.mirror.players).toEqual(truth.players);
          expect(reader.mirror.shared).toEqual(truth.shared);
          for (const [id, name] of truth.names) expect(reader.mirror.names.get(id)).toBe(name);
        }
      }
      expect(connections).toBeGreaterThan(10);
    },
  );

  it("tells everything once a second, changed or not", () => {
    const running = new RunningGame(played, undefined);
    running.enter({ connectionId: "a", userId: "ann", name: "Ann", mayPlay: true }, 0);
    const full: number[] = [];
    for (let now = TICK_MS; now <= 3_000; now += TICK_MS) {
      running.advance(now);
      const { full: isFull, players, shared } = running.viewOf("a").told;
      if (isFull) full.push(now);
      expect([players.length, shared]).toEqual(isFull ? [1, [0]] : [0, undefined]);
    }
    expect(full).toEqual([50, 1_050, 2_050]);
  });
});
