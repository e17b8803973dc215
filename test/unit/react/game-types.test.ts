import { expect, it } from "vitest";
import * as z from "zod";
import { game } from "../../../src/contract/index.ts";
import { useGame, useGameFrame } from "../../../src/react/index.ts";

const race = game({
  fields: { x: 10 },
  shared: { leftMs: 1 },
  input: z.object({ throttle: z.number() }),
  join: () => ({ x: 0 }),
  steer: ({ player, input, dt }) => {
    player.state.x += input.throttle * dt;
  },
});

it("types a game by its rules", () => {
  const checked = () => {
    const used = useGame(race, "track", { idle: { throttle: 0 } });
    used.game?.want({ throttle: 1 });
    const left: number | undefined = used.shared?.leftMs;
    useGameFrame(used.game, (players, now) => players.map(({ state }) => state.x + now));
    const untyped = useGame("track");
    untyped.game?.want({ anything: true });
    // @ts-expect-error: an input of another shape.
    used.game?.want({ gas: 1 });
    // @ts-expect-error: an input of another shape.
    useGame(race, "track", { idle: { gas: 0 } });
    // @ts-expect-error: no field.
    useGameFrame(used.game, (players) => players.map(({ state }) => state.y));
    // @ts-expect-error: nothing that is shared.
    const coin = used.shared?.coin;
    return [left, coin];
  };
  expect(checked).toBeTypeOf("function");
});
