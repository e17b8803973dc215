import { describe, expect, it } from "vitest";
import { type Grants, permissionsIn } from "../../../src/protocol/grant.ts";
import { parseRoomName } from "../../../src/protocol/parse-room-name.ts";

describe("grants", () => {
  const may = (room: string, grants: Grants) =>
    permissionsIn(parseRoomName(room), { userId: "ada", grants });

  it("lets the most specific entry count: the name, the longest prefix, then * (P2.5)", () => {
    const grants: Grants = {
      "*": ["read"],
      "team-*": ["read", "write"],
      "team-a*": [],
      "team-ab": ["moderate"],
    };
    expect(may("lobby", grants)).toEqual(["read"]);
    expect(may("team-x", grants)).toEqual(["read", "write"]);
    expect(may("team-ax", grants)).toEqual([]);
    expect(may("team-ab", grants)).toEqual(["moderate"]);
  });

  it("opens one's own inbox to oneself, and nobody's to * (P2.6)", () => {
    expect(may("user:ada", {})).toEqual(["read"]);
    expect(may("user:ben", { "*": ["read"] })).toEqual([]);
    for (const short of ["u*", "user*"]) {
      expect(may("user:ben", { [short]: ["read"] })).toEqual([]);
      expect(may("user-group", { [short]: ["read"] })).toEqual(["read"]);
    }
    expect(may("user:ben", { "user:b*": ["read"], "user:be*": ["write"] })).toEqual(["write"]);
    expect(may("user:ben", { "user:*": ["read"] })).toEqual(["read"]);
  });
});

it("grants nothing by a pattern that is empty", () => {
  const identity = { userId: "ada", name: "Ada", expiresAt: 0, grants: { "": ["read"] } } as const;
  expect(permissionsIn(parseRoomName("general"), identity)).toEqual([]);
  expect(permissionsIn(parseRoomName("user:ben"), identity)).toEqual([]);
});
