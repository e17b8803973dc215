import { describe, expect } from "vitest";
import { it } from "./support/game-stage.ts";
import type { Player } from "./support/player.ts";
import { tokenFor } from "./support/stage.ts";

/** Presses a key for a moment while somebody watches: how long until the player was seen to move. */
async function delayOf(player: Player, watcher: Player, key: string) {
  await player.stands(player.name);
  await watcher.stands(player.name);
  await Promise.all([player.forget(), watcher.forget()]);
  await player.page.keyboard.down(key);
  const seen = await watcher.watched(player.name);
  const { pressed } = await player.watched(player.name);
  await player.page.keyboard.up(key);
  const moved = seen.moves[player.name];
  if (pressed === undefined || moved === undefined) throw new Error("Nothing was seen.");
  return { ms: moved.at - pressed.at, frames: moved.frame - pressed.frame };
}

describe("two people who play", () => {
  it("see each other's names, and each other move within 300 ms", async ({ come }) => {
    const aiko = await come("Aiko");
    const ben = await come("Ben");
    await Promise.all([aiko.sees("Ben"), ben.sees("Aiko")]);
    const delays = [
      (await delayOf(aiko, ben, "ArrowRight")).ms,
      (await delayOf(ben, aiko, "KeyA")).ms,
      (await delayOf(aiko, ben, "ArrowLeft")).ms,
    ];
    console.log(`moves of others: ${delays.map((ms) => ms.toFixed(0)).join(", ")} ms`);
    expect(Math.max(...delays)).toBeLessThan(300);
    const row = aiko.page.getByRole("row").filter({ hasText: "Ben" });
    await row.getByRole("cell", { name: "0" }).waitFor();
    await ben.leave();
    await row.waitFor({ state: "detached" });
  });

  it("are in the same place on both their pages when they stand still", async ({ come }) => {
    const aiko = await come("Aiko");
    const ben = await come("Ben");
    await aiko.page.keyboard.down("KeyD");
    await aiko.page.waitForTimeout(300);
    await aiko.page.keyboard.up("KeyD");
    await Promise.all([aiko.stands("Aiko"), ben.stands("Aiko")]);
    const [own, other] = [await aiko.placeOf("Aiko"), await ben.placeOf("Aiko")];
    expect(Math.hypot(own.x - other.x, own.y - other.y)).toBeLessThan(1);
  });
});

it("moves one's own player at once over a line with 100 ms of latency, and without prediction after 90 ms at the least", async ({
  come,
}) => {
  const aiko = await come("Aiko");
  await aiko.latency("100 ms");
  const predicted = [
    await delayOf(aiko, aiko, "ArrowRight"),
    await delayOf(aiko, aiko, "ArrowLeft"),
  ];
  await aiko.page.getByLabel("Prediction").uncheck();
  await aiko.page.getByText(/when the server has answered, 100 ms later/).waitFor();
  await aiko.field.focus();
  const told = [await delayOf(aiko, aiko, "ArrowRight"), await delayOf(aiko, aiko, "ArrowLeft")];
  const words = (delays: typeof told) =>
    delays.map(({ ms, frames }) => `${ms.toFixed(0)} ms (${frames} frames)`).join(", ");
  console.log(`own moves, 100 ms added: predicted ${words(predicted)}; told ${words(told)}`);
  expect(Math.max(...predicted.map(({ frames }) => frames))).toBeLessThanOrEqual(2);
  expect(Math.min(...told.map(({ ms }) => ms))).toBeGreaterThanOrEqual(90);
});

it("draws as often as an empty page could, with two players on the move", async ({
  come,
  browser,
}) => {
  const blank = await browser.newPage();
  const empty = await blank.evaluate(
    (ms) =>
      new Promise<number>((resolve) => {
        let frames = 0;
        const end = performance.now() + ms;
        const next = (now: number) => {
          frames += 1;
          if (now < end) requestAnimationFrame(next);
          else resolve(frames);
        };
        requestAnimationFrame(next);
      }),
    3_000,
  );
  await blank.close();
  const aiko = await come("Aiko");
  const ben = await come("Ben");
  await aiko.sees("Ben");
  await aiko.latency("100 ms");
  await aiko.page.keyboard.down("ArrowRight");
  await ben.page.keyboard.down("ArrowUp");
  const before = await aiko.page.evaluate(() => globalThis.drawing.drawn);
  await aiko.page.waitForTimeout(3_000);
  const drawn = (await aiko.page.evaluate(() => globalThis.drawing.drawn)) - before;
  console.log(`frames in 3 s: ${drawn} with two players, ${empty} of an empty page`);
  expect(drawn / empty).toBeGreaterThanOrEqual(50 / 60);
});

it("counts who takes the coin, for all who look", async ({ come, watch }) => {
  const aiko = await come("Aiko");
  const ben = await come("Ben");
  const rei = await watch("Rei");
  for (const score of [1, 2]) {
    await aiko.walkTo(
      () => aiko.coin(),
      async () => (await aiko.scoreOf("Aiko")) >= score,
    );
  }
  for (const page of [aiko, ben, rei]) {
    await expect.poll(() => page.scoreOf("Aiko")).toBe(2);
    expect(await page.scoreOf("Ben")).toBe(0);
  }
  const heard = ben.page.locator("[aria-live=polite]", { hasText: /Aiko.? leads with/ });
  await heard.waitFor({ state: "attached" });
  await ben.page.getByRole("img", { name: /2 players. .?Aiko.? leads with/ }).waitFor();
});

it("lets who watches see all, and be seen by nobody", async ({ come, watch }) => {
  const aiko = await come("Aiko");
  const rei = await watch("Rei");
  await rei.page.getByRole("note").getByText("You are watching").waitFor();
  await rei.sees("Aiko");
  await aiko.page.getByText("One person watches.").waitFor();
  await rei.stands("Aiko");
  await rei.page.keyboard.press("ArrowRight");
  expect((await delayOf(aiko, rei, "ArrowRight")).ms).toBeLessThan(300);
  expect(await rei.page.getByRole("application").count()).toBe(0);
  expect(await aiko.page.getByRole("row").filter({ hasText: "Rei" }).count()).toBe(0);
  await rei.page.getByRole("note").getByRole("link", { name: "Play" }).click();
  await aiko.sees("Rei");
});

it("gives whoever watches by a token of their own no player either", async ({
  come,
  visit,
  room,
  ask,
}) => {
  const aiko = await come("Aiko");
  const token = await tokenFor(ask, { sub: "mio", name: "Mio", rooms: { "*": ["read", "write"] } });
  const page = await visit(`/game/${room}?watch`);
  await page.getByRole("button", { name: "Use a token instead" }).click();
  await page.getByLabel("Your token").fill(token);
  await page.getByRole("button", { name: "Enter", exact: true }).click();
  await page.getByRole("row").filter({ hasText: "Aiko" }).waitFor();
  expect(await aiko.page.getByRole("row").filter({ hasText: "Mio" }).count()).toBe(0);
});

describe("one plays", () => {
  it("by the keyboard alone, whose keys are the arena's only while it has the focus", async ({
    come,
  }) => {
    const aiko = await come("Aiko");
    expect(await aiko.field.evaluate((field) => field === document.activeElement)).toBe(true);
    await delayOf(aiko, aiko, "KeyS");
    await aiko.stands("Aiko");
    const before = await aiko.placeOf("Aiko");
    await aiko.page.keyboard.press("Tab");
    await aiko.page.keyboard.press("ArrowRight");
    expect(await aiko.page.getByRole("radio", { name: "100 ms" }).isChecked()).toBe(true);
    await aiko.page.keyboard.press("Tab");
    await aiko.page.keyboard.press("Space");
    expect(await aiko.page.getByLabel("Prediction").isChecked()).toBe(false);
    await aiko.page.waitForTimeout(500);
    expect(await aiko.placeOf("Aiko")).toEqual(before);
    await aiko.page.keyboard.press("Shift+Tab");
    await aiko.page.keyboard.press("Shift+Tab");
    await delayOf(aiko, aiko, "ArrowLeft");
  });

  it("by a finger on the arena, which does not move the page", async ({ come }) => {
    const aiko = await come("Aiko", {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 360, height: 740 },
    });
    await aiko.stands("Aiko");
    const before = await aiko.placeOf("Aiko");
    const session = await aiko.page.context().newCDPSession(aiko.page);
    const box = await aiko.page.locator("#arena").boundingBox();
    const [x, y] = [(box?.x ?? 0) + 100, (box?.y ?? 0) + 200];
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", up: number) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchEnd" ? [] : [{ x, y: y - up }],
      });
    await touch("touchStart", 0);
    for (const up of [10, 20, 30, 40, 50]) await touch("touchMove", up);
    await expect.poll(async () => (await aiko.placeOf("Aiko")).y).toBeLessThan(before.y - 20);
    await touch("touchEnd", 0);
    await aiko.stands("Aiko");
    const after = await aiko.placeOf("Aiko");
    expect(Math.abs(after.x - before.x)).toBeLessThan(1);
    const scrolled = await aiko.page.evaluate(
      () => scrollY + (document.querySelector(".stage")?.scrollTop ?? 0),
    );
    expect(scrolled).toBe(0);
  });

  it("by a gamepad", async ({ come }) => {
    const aiko = await come("Aiko");
    await aiko.stands("Aiko");
    const before = await aiko.placeOf("Aiko");
    // No machine that tests run on has one.
    await aiko.page.evaluate(() => {
      const pad = { axes: [0, 1], buttons: [] };
      Object.assign(navigator, { getGamepads: () => [null, pad] });
    });
    await expect.poll(async () => (await aiko.placeOf("Aiko")).y).toBeGreaterThan(before.y + 20);
    await aiko.page.evaluate(() => Object.assign(navigator, { getGamepads: () => [] }));
    await aiko.stands("Aiko");
  });

  it("and does not walk on when one looks elsewhere", async ({ come }) => {
    const aiko = await come("Aiko");
    const ben = await come("Ben");
    await ben.sees("Aiko");
    await aiko.page.keyboard.down("ArrowUp");
    await ben.watched("Aiko");
    await aiko.page.evaluate(() => dispatchEvent(new Event("blur")));
    await ben.stands("Aiko");
    const { y } = await ben.placeOf("Aiko");
    expect(y).toBeGreaterThan(30);
  });
});

it("goes on by itself when the server was killed", async ({ server, come }) => {
  const aiko = await come("Aiko");
  await server.kill();
  await aiko.page.getByRole("status").filter({ hasText: "Reconnecting" }).waitFor();
  await server.up();
  await aiko.connected();
  await delayOf(aiko, aiko, "ArrowRight");
});

it("says that an address names no arena", async ({ visit }) => {
  const page = await visit("/game/no%20arena");
  await page.getByRole("heading", { name: "There is no such arena" }).waitFor();
  await page.getByRole("textbox", { name: "Name of another arena" }).fill("duel");
  await page.getByRole("button", { name: "Go" }).click();
  await page.getByRole("heading", { name: "Play in duel" }).waitFor();
});
