import { build } from "esbuild";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { RealtimeClient, Room } from "../../src/client/index.ts";
import { BrokenProxy } from "../support/broken-proxy.ts";
import { ROOT } from "../support/machine/paths.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { Person } from "./support/person.ts";
import { it as onStage } from "./support/stage.ts";

/** Twice as many as the connections that a browser opens to a host over HTTP/1.1. */
const ROOMS = 12;
/** One more than those, which all tabs share. */
const TABS = 7;

/** What a page's script leaves for the test to read. */
interface Entered {
  readonly rooms: readonly Room[];
  /** By room, what it heard. */
  readonly heard: Readonly<Record<string, string[]>>;
}

/** Between the browser and the server stands a proxy that knows no WebSocket. */
const it = onStage.extend<{ readonly proxy: BrokenProxy }>({
  proxy: async ({ server }, use) => {
    const proxy = await BrokenProxy.start(server.port, { upgrades: false, streams: true });
    await use(proxy);
    await proxy.stop();
  },
});

it("hears and speaks in 12 rooms of one page, over one stream", async ({ proxy, visit, ask }) => {
  const names = Array.from({ length: ROOMS }, (_, at) => `connections-${at}`);
  const page = await visit(`${proxy.url}/healthz`);
  const body = await sdk();
  await page.route("**/sdk.js", (route) => route.fulfill({ contentType: "text/javascript", body }));
  await page.addScriptTag({ url: "/sdk.js" });
  const token = tokenFor("ada", SECRETS.AUTH_SECRET);
  await page.evaluate(enter, { url: proxy.url, token, names });
  await page.waitForFunction(() =>
    (Reflect.get(globalThis, "entered") as Entered).rooms.every(({ status }) => status === "open"),
  );
  const toAll = names.map((name) =>
    ask("POST", `/v1/rooms/${name}/messages?as=ben`, { content: `to ${name}` }),
  );
  await Promise.all(toAll);
  await page.evaluate(() => {
    const { rooms } = Reflect.get(globalThis, "entered") as Entered;
    return Promise.all(rooms.map((room) => room.send(`from ${room.id}`)));
  });
  expect(await heardBy(page, 2)).toEqual(
    Object.fromEntries(names.map((name) => [name, [`to ${name}`, `from ${name}`]])),
  );
  expect(proxy.count(/^GET \/v1\/events$/)).toBeGreaterThan(0);
  expect(proxy.count(/\/rooms\/[^/]+\/events$/)).toBeLessThan(ROOMS);
});

it("hears and speaks in 7 tabs of one browser", async ({ browser, proxy, room }) => {
  const address = `${proxy.url}/rooms/${room}`;
  const context = await browser.newContext();
  const tabs: Person[] = [];
  for (let at = 0; at < TABS; at += 1) {
    const tab = new Person(await context.newPage(), "Ada");
    tabs.push(tab);
    if (at === 0) await tab.signIn(address);
    else await tab.page.goto(address);
    await tab.connected();
  }
  const texts = tabs.map((_, at) => `from tab ${at}`);
  await Promise.all(tabs.map((tab, at) => tab.say(`from tab ${at}`)));
  for (const tab of tabs) {
    for (const text of texts) await tab.sees(text);
    expect((await tab.messages()).toSorted()).toEqual(texts);
  }
  expect(tabs.flatMap(({ complaints }) => complaints)).toEqual([]);
  await context.close();
});

/** The SDK as a script, which leaves it as `sdk`. */
async function sdk(): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["src/client/index.ts"],
    bundle: true,
    format: "iife",
    globalName: "sdk",
    write: false,
  });
  return outputFiles[0]?.text ?? "";
}

/** Enters rooms, in the page. */
function enter(of: { url: string; token: string; names: readonly string[] }): void {
  const { RealtimeClient } = Reflect.get(globalThis, "sdk");
  const client: RealtimeClient = new RealtimeClient({ url: of.url, token: of.token });
  const rooms = of.names.map((name) => client.room(name));
  const heard: Record<string, string[]> = {};
  for (const room of rooms) {
    const texts: string[] = [];
    heard[room.id] = texts;
    room.on("new_message", ({ content }) => texts.push(content));
  }
  Object.assign(globalThis, { entered: { rooms, heard } });
}

/** What the page heard, once that is so much in each room. */
async function heardBy(page: Page, count: number): Promise<Entered["heard"]> {
  await page.waitForFunction((most) => {
    const { heard } = Reflect.get(globalThis, "entered") as Entered;
    return Object.values(heard).every(({ length }) => length >= most);
  }, count);
  return page.evaluate(() => (Reflect.get(globalThis, "entered") as Entered).heard);
}
