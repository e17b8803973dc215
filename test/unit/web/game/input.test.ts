import { describe, expect, it } from "vitest";
import { directionOf, isStill, STILL } from "../../../../src/web/game/input/direction.ts";
import { directionOfPads, type Pad } from "../../../../src/web/game/input/gamepad.ts";
import { HeldKeys } from "../../../../src/web/game/input/held-keys.ts";
import { STICK_REACH, Stick } from "../../../../src/web/game/input/stick.ts";

const RIGHT = { dx: 1, dy: 0 };
const UP = { dx: 0, dy: -1 };
/** A step of 1/64 next to the half of a right angle. */
const ASKEW = 45 / 64;

describe("a direction", () => {
  it.each([
    ["nowhere", 0, 0, STILL],
    ["straight on", 1, 0, RIGHT],
    ["half as fast", 0.5, 0, { dx: 0.5, dy: 0 }],
    ["no faster beyond the rim", 300, 0, RIGHT],
    ["no faster askew", 1, -1, { dx: ASKEW, dy: -ASKEW }],
  ])("leads %s", (_, x, y, direction) => {
    expect(directionOf(x, y)).toEqual(direction);
  });

  it("is the same when it differs by less than a step, and none at all when that is all there is", () => {
    expect(directionOf(0.5, 0.001)).toEqual(directionOf(0.503, -0.001));
    expect(directionOf(0.004, -0.004)).toBe(STILL);
  });
});

describe("keys that are held", () => {
  const directionOfKeys = (...codes: string[]) => {
    const keys = new HeldKeys();
    for (const code of codes) keys.press(code);
    return keys.direction;
  };

  it.each([
    [["ArrowRight"], RIGHT],
    [["KeyD"], RIGHT],
    [["KeyD", "ArrowRight"], RIGHT],
    [["KeyW"], UP],
    [["ArrowUp", "ArrowRight"], { dx: ASKEW, dy: -ASKEW }],
    [["KeyA", "ArrowRight"], STILL],
    [["KeyS", "KeyW", "KeyD"], RIGHT],
    [[], STILL],
  ])("%j lead %o", (codes, direction) => {
    expect(directionOfKeys(...codes)).toEqual(direction);
  });

  it("lead nowhere once they are let go, one by one or all at once", () => {
    const keys = new HeldKeys();
    for (const code of ["KeyD", "KeyW"]) keys.press(code);
    keys.release("KeyD");
    expect(keys.direction).toEqual(UP);
    keys.releaseAll();
    expect(keys.direction).toBe(STILL);
  });

  it("are ours alone: all others are the browser's", () => {
    const keys = new HeldKeys();
    expect(["KeyD", "ArrowDown", "Tab", "Space", "KeyR"].map((code) => keys.press(code))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe("a stick", () => {
  const held = (x: number, y: number) => {
    const stick = new Stick();
    stick.grasp(1, { x: 100, y: 100 });
    stick.move(1, { x: 100 + x, y: 100 + y });
    return stick;
  };

  it.each([
    ["resting", 3, 3, STILL],
    ["at its rim", STICK_REACH, 0, RIGHT],
    ["beyond its rim", 0, -500, UP],
    ["half way", STICK_REACH / 2, 0, { dx: 0.5, dy: 0 }],
  ])("%s", (_, x, y, direction) => {
    expect(held(x, y).direction).toEqual(direction);
  });

  it("is one thumb's: neither a second one nor that one's end moves it", () => {
    const stick = held(STICK_REACH, 0);
    expect(stick.grasp(2, { x: 0, y: 0 })).toBe(false);
    stick.move(2, { x: 0, y: 0 });
    stick.release(2);
    expect(stick.direction).toEqual(RIGHT);
    stick.release(1);
    expect([stick.direction, stick.shown]).toEqual([STILL, undefined]);
    expect(stick.grasp(2, { x: 0, y: 0 })).toBe(true);
  });

  it("is shown where it was put down, its knob never beyond its rim", () => {
    expect(held(0, 500).shown).toEqual({
      middle: { x: 100, y: 100 },
      knob: { x: 100, y: 100 + STICK_REACH },
    });
    expect(held(10, 0).shown?.knob).toEqual({ x: 110, y: 100 });
  });
});

describe("a gamepad", () => {
  const pad = (axes: readonly number[], pressed: readonly number[] = []): Pad => ({
    axes,
    buttons: Array.from({ length: 16 }, (_, i) => ({ pressed: pressed.includes(i) })),
  });

  it.each([
    ["lies still", [pad([0.1, -0.15])], STILL],
    ["is pushed to its rim", [pad([1, 0])], RIGHT],
    ["begins slowly beyond its dead zone", [pad([0.28, 0])], { dx: 0.09375, dy: 0 }],
    ["leads by its cross", [pad([0, 0], [12])], UP],
    ["leads by its cross before its stick", [pad([1, 0], [12])], UP],
    ["is the second one, where the first lies still", [pad([0, 0]), pad([0, -1])], UP],
    ["is not there", [null, null], STILL],
    ["has no stick", [pad([])], STILL],
  ])("%s", (_, pads, direction) => {
    expect(directionOfPads(pads)).toEqual(direction);
  });

  it("lies still when it says nonsense", () => {
    expect(isStill(directionOfPads([pad([Number.NaN, 0])]))).toBe(true);
  });
});
