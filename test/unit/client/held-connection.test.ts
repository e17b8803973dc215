import { afterEach, expect, it, vi } from "vitest";
import { HeldConnection } from "../../../src/client/held-connection.ts";
import { settle } from "./support/manual-clock.ts";

const BASE = "https://edge.example/v1/";

afterEach(() => vi.unstubAllGlobals());

/** What all tabs of a browser share: its locks, of which each is held until its holder's promise ends. */
class Browser {
  readonly held = new Set<string>();

  readonly locks = {
    request: async (name: string, _: object, granted: (lock: object | null) => unknown) => {
      if (this.held.has(name)) {
        await granted(null);
        return;
      }
      this.held.add(name);
      await granted({ name });
      this.held.delete(name);
    },
  };
}

/** A page of a browser that reached the server by this protocol. */
function page(nextHopProtocol = "http/1.1", locks: object = new Browser().locks): void {
  vi.stubGlobal("document", {});
  vi.stubGlobal("navigator", { locks });
  const entries = [{ name: "https://edge.example/rooms/general", nextHopProtocol }];
  vi.stubGlobal("performance", {
    getEntriesByType: (type: string) => (type === "navigation" ? entries : []),
  });
}

function tabs(count: number): readonly HeldConnection[] {
  return Array.from({ length: count }, () => new HeldConnection(BASE));
}

it("is had by three tabs of a browser at a time", async () => {
  page();
  const taken: boolean[] = [];
  for (const tab of tabs(6)) taken.push(await tab.take());
  expect(taken).toEqual([true, true, true, false, false, false]);
});

it("is had by another tab once one gives it back", async () => {
  page();
  const [first, late] = tabs(2);
  const others = tabs(2);
  for (const tab of [first, ...others]) expect(await tab?.take()).toBe(true);
  expect(await late?.take()).toBe(false);
  first?.give();
  await settle();
  expect(await late?.take()).toBe(true);
});

it("is one for all who hold it in a tab, until the last gives it back", async () => {
  const browser = new Browser();
  page("http/1.1", browser.locks);
  const [tab] = tabs(1);
  expect([await tab?.take(), await tab?.take()]).toEqual([true, true]);
  expect(browser.held.size).toBe(1);
  tab?.give();
  await settle();
  expect(browser.held.size).toBe(1);
  tab?.give();
  await settle();
  expect(browser.held.size).toBe(0);
});

it("is of one server alone", async () => {
  page();
  for (const tab of tabs(4)) await tab.take();
  expect(await new HeldConnection("https://other.example/v1/").take()).toBe(true);
});

it("is had by all over HTTP/2, where requests share a connection", async () => {
  const browser = new Browser();
  page("h2", browser.locks);
  for (const tab of tabs(6)) expect(await tab.take()).toBe(true);
  expect(browser.held.size).toBe(0);
});

it("is had by all who are no page, or whose locks are forbidden", async () => {
  for (const tab of tabs(6)) expect(await tab.take()).toBe(true);
  page("http/1.1", { request: () => Promise.reject(new Error("SecurityError")) });
  for (const tab of tabs(6)) expect(await tab.take()).toBe(true);
});

it("can be had later by who got none at first", async () => {
  page();
  const [late] = tabs(1);
  const others = tabs(3);
  for (const tab of others) await tab.take();
  expect(await late?.take()).toBe(false);
  expect(await late?.take()).toBe(false);
  for (const tab of others) tab.give();
  await settle();
  expect(await late?.take()).toBe(true);
});
