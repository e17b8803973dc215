import { describe, expect, it } from "vitest";
import * as z from "zod";
import { game } from "../../../src/contract/index.ts";
import { arena } from "../../../src/kinds/game/arena.ts";
import { checkedGame } from "../../../src/server/game-rules.ts";

const still = game({
  fields: { x: 1 },
  input: z.null(),
  join: () => ({ x: 0 }),
  steer: () => {},
});
const authorize = async () => ({ can: ["read"] as const });

describe("what a deployment says of its games", () => {
  it("is a game, a rule on who may be there, both, or neither: then the arena is played", () => {
    expect(checkedGame()).toEqual({ play: arena });
    expect(checkedGame(still)).toEqual({ play: still });
    expect(checkedGame({ authorize })).toEqual({ play: arena, authorize });
    expect(checkedGame({ play: still, authorize })).toEqual({ play: still, authorize });
  });

  it.each([
    ["a game that game() did not make", { play: { fields: {} } }, "what game() made"],
    ["rules of a game, in place of what game() makes", { fields: { x: 1 } }, "game.fields"],
    ["a rule that was not loaded yet", { authorize: undefined }, "game.authorize is undefined"],
    ["a rule that there is not", { authorize, before: {} }, "game.before"],
    ["no object", null, "game is an object"],
  ])("is not %s", (_, given, problem) => {
    const check = () => checkedGame(given as never);
    expect(check).toThrow(TypeError);
    expect(check).toThrow(problem);
  });
});
