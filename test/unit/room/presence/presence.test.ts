import { describe, expect, it } from "vitest";
import { Presence } from "../../../../src/room/presence/presence.ts";

describe("presence", () => {
  it("shows those who came first when asked for a few", () => {
    const presence = new Presence();
    for (const userId of ["a", "b", "c"]) presence.enter({ userId, name: userId });
    expect(presence.users(2).map(({ userId }) => userId)).toEqual(["a", "b"]);
    expect(presence.users()).toHaveLength(3);
  });

  it("counts people, not connections: first one in, last one out (P4.8)", () => {
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
