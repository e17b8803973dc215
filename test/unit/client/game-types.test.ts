import { expect, it } from "vitest";
import * as z from "zod";
import { game } from "../../../src/contract/game.ts";
import { openScene } from "./support/scene.ts";

const race = game({
  fields: { x: 10, lap: 1 },
  shared: { leftMs: 1 },
  input: z.object({ throttle: z.number(), turn: z.string().transform(Number) }),
  join: () => ({ x: 0, lap: 0 }),
  steer({ player, input, dt }) {
    player.state.x += input.throttle * input.turn * dt;
  },
});

it("types a game by its rules, and takes nothing that these do not", async () => {
  const { client } = await openScene();
  const checked = async () => {
    const room = await client.game(race, "track", {
      idle: { throttle: 0, turn: "0" },
      discrete: ["lap"],
      snap: { x: 50 },
    });
    room.want({ throttle: 1, turn: "0.5" });
    const place: number | undefined = room.me()?.state.x;
    const places: readonly number[] = room.players(16).map(({ state }) => state.x + state.lap);
    const left: number = room.shared.leftMs;
    room.on("shared", ({ leftMs }) => leftMs.toFixed());
    room.on("joined", ({ id, userId, name }) => [id.toFixed(), userId.length, name.length]);
    room.on("playing", (playerId) => playerId?.toFixed());
    const untyped = await client.game("track");
    untyped.want({ anything: [1, "two"] });
    const number: number | undefined = untyped.me()?.state["x"];
    // @ts-expect-error: what a transform puts out.
    room.want({ throttle: 1, turn: 0.5 });
    // @ts-expect-error: an input of another shape.
    room.want({ gas: 1 });
    // @ts-expect-error: no input.
    room.want();
    // @ts-expect-error: no field.
    const y = room.me()?.state.y;
    // @ts-expect-error: nothing that is shared.
    const coin = room.shared.coin;
    // @ts-expect-error: nobody moves a player by hand.
    for (const { state } of room.players()) state.x = 0;
    // @ts-expect-error: nobody says how many laps there were.
    room.shared.leftMs = 0;
    // @ts-expect-error: no such event.
    room.on("left", () => {});
    // @ts-expect-error: no field that is told.
    void client.game(race, "track", { discrete: ["score"] });
    // @ts-expect-error: nothing that a player may want.
    void client.game(race, "track", { idle: { throttle: 0 } });
    // @ts-expect-error: rules are not a game yet.
    void client.game({ fields: { x: 1 } }, "track");
    // @ts-expect-error: what JSON cannot carry.
    untyped.want(() => 1);
    return [place, places, left, number, y, coin];
  };
  expect(checked).toBeTypeOf("function");
});
