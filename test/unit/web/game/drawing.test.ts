import { describe, expect, it } from "vitest";
import { FrameRate } from "../../../../src/web/game/drawing/frame-rate.ts";
import { type InGame, looksOf } from "../../../../src/web/game/drawing/looks.ts";

describe("how people look on the field", () => {
  const labels = (...names: string[]) => {
    const people = names.map((name, i) => ({ id: i + 1, userId: `guest-abc${i}`, name }));
    return [...looksOf(people).values()].map(({ label }) => label);
  };

  it("their names keep their own direction, and namesakes are told apart", () => {
    expect(labels("Ben", "דנה", "ben")).toEqual(["⁨Ben⁩ ·abc0", "⁨דנה⁩", "⁨ben⁩ ·abc2"]);
  });

  it("long names are cut between characters", () => {
    expect(labels("a".repeat(18), "🎈".repeat(30))).toEqual([
      `⁨${"a".repeat(18)}⁩`,
      `⁨${"🎈".repeat(17)}…⁩`,
    ]);
  });

  it("are known of whoever has just gone, and is drawn for a moment yet", () => {
    const [ada, ben, eve] = ["Ada", "Ben", "Eve"].map((name, i) => ({
      id: i + 1,
      userId: name,
      name,
    })) as [InGame, InGame, InGame];
    const looks = looksOf([ben, { ...eve, id: 1 }], [ada, ben, eve]);
    expect([1, 2, 3].map((id) => looks.get(id)?.label)).toEqual(["⁨Eve⁩", "⁨Ben⁩", "⁨Eve⁩"]);
    expect(looksOf([ben], [ada, ben]).get(1)).toEqual(looksOf([ada]).get(1));
  });

  it("their colours go with the user, also when the player is another one", () => {
    const color = (id: number) => looksOf([{ id, userId: "ada", name: "Ada" }]).get(id)?.color;
    expect(color(1)).toMatch(/^#[0-9a-f]{6}$/);
    expect(color(1)).toBe(color(7));
  });
});

describe("the frame rate", () => {
  it.each([
    [60, 1_000 / 60],
    [30, 1_000 / 30],
    [144, 1_000 / 144],
  ])("is %d when frames are that far apart, told once a second", (rate, gapMs) => {
    const counter = new FrameRate();
    const told: number[] = [];
    for (let now = 5_000; now < 8_100; now += gapMs) {
      const said = counter.drawn(now);
      if (said !== undefined) told.push(said);
    }
    expect(told).toEqual([rate, rate, rate]);
  });

  it("is not told of a time in which the page was hidden", () => {
    const counter = new FrameRate();
    counter.drawn(0);
    expect([counter.drawn(10_000), counter.drawn(10_500), counter.drawn(11_000)]).toEqual([
      undefined,
      undefined,
      2,
    ]);
  });
});
