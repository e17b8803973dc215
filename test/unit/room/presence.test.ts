import { describe, expect, it } from "vitest";
import { Presence } from "../../../src/room/presence.ts";

describe("presence", () => {
  it("counts people, not connections: first one in, last one out", () => {
    const presence = new Presence();
    const ada = { userId: "ada", name: "Ada" };
    expect([presence.enter(ada), presence.enter({ ...ada, name: "Ada L." })]).toEqual([
      true,
      false,
    ]);
    presence.enter({ userId: "ben", name: "Ben" });
    expect(presence.users()).toEqual([
      { userId: "ada", name: "Ada L." },
      { userId: "ben", name: "Ben" },
    ]);
    expect([presence.exit("ada"), presence.exit("ada"), presence.exit("ada")]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
