import { expect } from "vitest";
import { Child } from "../support/machine/child.ts";
import { SECRETS } from "../support/server.ts";
import { Person } from "./support/person.ts";
import { Player } from "./support/player.ts";
import { it } from "./support/stage.ts";
import { Writer } from "./support/writer.ts";

const path = process.env["SCREENSHOT"];
const dark = process.env["SCREENSHOT_SCHEME"] === "dark";
const options = { colorScheme: dark ? "dark" : "light", deviceScaleFactor: 2 } as const;
const editorPath = process.env["SCREENSHOT_EDITOR"];
const arenaPath = process.env["SCREENSHOT_ARENA"];
const dashboardPath = process.env["SCREENSHOT_DASHBOARD"];

it.skipIf(path === undefined)(
  "takes the picture for the README",
  async ({ server, browser, ask }) => {
    const write = (room: string, content: string) =>
      ask("POST", `/v1/rooms/${room}/messages?as=sho`, { content, messageId: content });
    const address = `${server.url}/rooms/garden`;
    const aiko = await Person.enter(browser, address, "Aiko", options);
    const ben = await Person.enter(browser, address, "Ben");
    const rei = await Person.enter(browser, address, "Rei");
    await write("releases", "0.2 is out.");
    for (const room of ["design", "releases", "garden"]) {
      await aiko.page.getByRole("textbox", { name: "Name of another room" }).fill(room);
      await aiko.page.getByRole("button", { name: "Go" }).click();
      await aiko.connected();
      if (room === "releases") await aiko.sees("0.2 is out.");
    }
    for (const news of ["Three fixes are in.", "0.2.1 is out."]) await write("releases", news);
    await aiko.page.reload();
    await aiko.page.locator(".unread-mark").waitFor();

    await ben.say("Good morning! The plum trees by the gate are in bloom.");
    await rei.say("Already? Then spring is two weeks early.");
    await rei.say("Last year's notes, to compare: https://example.org/garden/2025");
    await aiko.say("I will take pictures at noon, when the light reaches the pond.");
    await ben.sees("I will take pictures");
    await ben.act("I will take pictures at noon, when the light reaches the pond.", "Reply");
    await ben.page.keyboard.type("@ai");
    await ben.page.keyboard.press("Enter");
    await ben.page.keyboard.type("please catch the heron too. It has stood there since six.");
    await ben.page.keyboard.press("Enter");
    await aiko.sees("please catch the heron");
    await react(rei, "Good morning! The plum trees by the gate are in bloom.", "heart");
    await react(aiko, "Good morning! The plum trees by the gate are in bloom.", "heart");
    await react(aiko, "Good morning! The plum trees by the gate are in bloom.", "party");
    await react(ben, "Already? Then spring is two weeks early.", "surprised");
    await aiko.say("**Heron first**, then.");
    await aiko.line("Heron first, then.").getByText("Seen by Ben and Rei").waitFor();
    await rei.field.pressSequentially("So");
    await aiko.page.getByText("Rei is typing…").waitFor();
    await aiko.page.mouse.move(700, 20);
    await aiko.page.waitForTimeout(400);
    await aiko.page.screenshot({ path: path ?? "" });
    expect(aiko.complaints).toEqual([]);
    await Promise.all([aiko, ben, rei].map((person) => person.leave()));
  },
);

it.skipIf(editorPath === undefined)(
  "takes the picture of the editor",
  async ({ server, browser }) => {
    const place = `${server.url}/editor/spring-walk`;
    const viewport = { width: 1280, height: 760 };
    const aiko = await Writer.enter(browser, place, "Aiko", { ...options, viewport });
    const [ben, rei] = [
      await Writer.enter(browser, place, "Ben"),
      await Writer.enter(browser, place, "Rei"),
    ];
    await aiko.write("# Spring walk\n\nWe meet at the **north gate** at nine.\n\n");
    await aiko.page.getByRole("button", { name: "Versions" }).click();
    await aiko.page.getByLabel("Name of this version").fill("Before the route");
    await aiko.page.getByRole("button", { name: "Keep", exact: true }).click();
    await aiko.page.getByText("This version is kept.").waitFor();
    await aiko.write("## Route\n\n- The plum trees by the gate, in bloom since *Tuesday*\n");
    await aiko.write("The pond, where the light is best at noon\nTea at the old house");
    await ben.sees("Tea at the old house");
    await aiko.page.getByLabel("Name of this version").fill("With the route");
    await aiko.page.getByRole("button", { name: "Keep", exact: true }).click();
    await aiko.page.getByRole("listitem").filter({ hasText: "With the route" }).waitFor();
    await rei.text.getByText("The pond").click();
    await rei.page.keyboard.press("Home");
    for (const _ of "- The pond") await rei.page.keyboard.press("Shift+ArrowRight");
    await ben.write("\n\n> Bring a cup; the house has tea and *no* cups.", { delay: 5 });
    await Promise.all([aiko.sees("Bring a cup"), aiko.cursorOf("Rei").waitFor()]);
    await aiko.saved();
    await aiko.page.mouse.move(700, 20);
    await aiko.page.screenshot({ path: editorPath ?? "" });
    expect(aiko.complaints).toEqual([]);
    await Promise.all([aiko, ben, rei].map((writer) => writer.leave()));
  },
);

it.skipIf(arenaPath === undefined)(
  "takes the picture of the arena",
  async ({ server, browser }) => {
    const place = `${server.url}/game/garden`;
    const viewport = { width: 1280, height: 760 };
    const aiko = await Player.enter(browser, place, "Aiko", { ...options, viewport });
    const others = [];
    for (const name of ["Ben", "Rei", "Mio"]) {
      // Small: the machine that draws them all is one.
      const small = { width: 320, height: 320 };
      others.push(await Player.enter(browser, place, name, { viewport: small }));
    }
    const collect = (player: Player, score: number) =>
      player.walkTo(
        () => player.coin(),
        async () => (await player.scoreOf(player.name)) >= score,
      );
    const [ben, rei, mio] = others;
    await collect(aiko, 3);
    if (ben !== undefined) await collect(ben, 2);
    if (rei !== undefined) await collect(rei, 1);
    await aiko.latency("100 ms");
    await mio?.page.keyboard.down("ArrowUp");
    await aiko.page.keyboard.down("ArrowLeft");
    await aiko.page.waitForTimeout(400);
    await aiko.page.screenshot({ path: arenaPath ?? "" });
    expect(aiko.complaints).toEqual([]);
    await Promise.all([aiko, ...others].map((player) => player.leave()));
  },
);

it.skipIf(dashboardPath === undefined)(
  "takes the picture of the dashboard",
  async ({ server, visit }) => {
    const example = Child.start(process.execPath, ["test/examples/metrics.ts"], {
      env: { URL: server.url, API_KEY: SECRETS.API_KEY },
    });
    try {
      const viewport = { width: 1280, height: 620 };
      const page = await visit("/dashboard", { ...options, viewport, locale: "en-GB" });
      await page.getByLabel("Your name").fill("Aiko");
      await page.keyboard.press("Enter");
      await page
        .getByRole("img", { name: /^70 values/ })
        .first()
        .waitFor({ timeout: 110_000 });
      expect(await page.screenshot({ path: dashboardPath ?? "" })).not.toHaveLength(0);
    } finally {
      await example.stop("SIGTERM");
    }
  },
);

async function react(person: Person, text: string, emoji: string): Promise<void> {
  await person.act(text, "React");
  await person.page.getByRole("button", { name: emoji, exact: true }).click();
  await person.page.getByRole("button", { name: new RegExp(`^${emoji}, .*you`) }).waitFor();
}
