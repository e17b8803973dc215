import { describe, expect, it } from "vitest";
import { areSame, standingsOf, watchersOf } from "../../../../src/web/game/state/standing.ts";
import {
  fieldWords,
  leaderWords,
  predictionWords,
  watcherWords,
  watchingWords,
} from "../../../../src/web/game/text/words.ts";

const player = (id: number, name: string, score: number) => ({
  id,
  userId: `user-${id}`,
  name,
  state: { x: 0, y: 0, score },
});

describe("the standings", () => {
  const players = [player(1, "Ben", 2), player(2, "Aiko", 2), player(3, "Rei", 5)];
  const standings = standingsOf(players);

  it("have the most first, and those of one score by their names", () => {
    expect(standings.map(({ name }) => name)).toEqual(["Rei", "Aiko", "Ben"]);
  });

  it("are the players' no more, whom the SDK moves on", () => {
    expect(standings[0]).toEqual({ id: 3, userId: "user-3", name: "Rei", score: 5 });
  });

  it.each([
    ["nothing", players, true],
    ["a score", [player(1, "Ben", 3), ...players.slice(1)], false],
    ["a name", [player(1, "Benjamin", 2), ...players.slice(1)], false],
    ["who is there", players.slice(1), false],
  ])("change with %s", (_, then, same) => {
    expect(areSame(standings, standingsOf(then))).toBe(same);
  });
});

it("counts as watching who is there and has no player", () => {
  const users = ["user-1", "user-2", "user-9"].map((userId) => ({ userId }));
  const counts = [[], [player(1, "Ben", 0)], [player(1, "Ben", 0), player(2, "Rei", 0)]].map(
    (players) => watchersOf(users, standingsOf(players)),
  );
  expect(counts).toEqual([3, 2, 1]);
  expect([0, 1, 2].map(watcherWords)).toEqual(["", "One person watches.", "2 people watch."]);
});

describe("words", () => {
  it.each([
    [[], "Nobody plays.", "The arena. Nobody plays."],
    [
      [player(1, "Ben", 0)],
      "Nobody has a coin yet.",
      "The arena, with one player. Nobody has a coin yet.",
    ],
    [
      [player(1, "Ben", 1), player(2, "Rei", 0)],
      "⁨Ben⁩ leads with one coin.",
      "The arena, with 2 players. ⁨Ben⁩ leads with one coin.",
    ],
    [
      [player(1, "Ben", 4), player(2, "Rei", 4)],
      "The most is 4 coins, and more than one player has that.",
      "The arena, with 2 players. The most is 4 coins, and more than one player has that.",
    ],
  ])("of who leads: %#", (players, leader, field) => {
    expect([leaderWords(standingsOf(players)), fieldWords(standingsOf(players))]).toEqual([
      leader,
      field,
    ]);
  });

  it("of prediction say what the latency does to one's keys", () => {
    expect(predictionWords(true, 250)).toMatch(/at the press of a key/);
    expect(predictionWords(false, 0)).not.toMatch(/ms/);
    expect(predictionWords(false, 250)).toMatch(/250 ms later/);
  });

  const watching = {
    connection: { state: "open" },
    part: { does: "watch" },
    lacksSocket: false,
    refusal: undefined,
  } as const;

  it.each([
    ["a token", watching, /sign-in does not let you play/],
    ["a stream", { ...watching, lacksSocket: true }, /no WebSocket/],
    [
      "no place",
      { ...watching, refusal: { code: "too_many_connections", message: "" } },
      /places are taken/,
    ],
    ["one who plays", { ...watching, part: { does: "play", playerId: 1 } as const }, /^undefined$/],
    ["one not there yet", { ...watching, part: { does: "nothing" } as const }, /^undefined$/],
  ])("of why one watches: %s", (_, state, words) => {
    expect(String(watchingWords(state))).toMatch(words);
  });
});
