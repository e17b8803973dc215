import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";
import { SECRETS, Server } from "../../support/server.ts";
import { launch } from "./chromium.ts";
import { complaintsOf } from "./complaints.ts";
import { Person } from "./person.ts";

/** One server and one browser for the tests of a file, and a room of its own for each of them. */
export interface Stage {
  /** Settings of the server; see {@link stageWith}. */
  readonly settings: Readonly<Record<string, string>>;
  readonly server: Server;
  readonly browser: Browser;
  /** Name of this test's room. */
  readonly room: string;
  /** Where this test's room is. */
  readonly address: string;
  /**
   * Someone enters this test's room as a guest. Gone when the test is over, and by then their page
   * must not have complained of anything.
   */
  readonly enter: (name: string, options?: BrowserContextOptions) => Promise<Person>;
  /** A page of someone who is not signed in, at a path or an address; it must not complain either. */
  readonly visit: (path: string, options?: BrowserContextOptions) => Promise<Page>;
  /** Asks the server for something with the team's API key; it must be granted. */
  readonly ask: (method: string, path: string, body?: object) => Promise<unknown>;
}

/** Tests on a {@link Stage}. */
export const it = test.extend<Stage>({
  settings: [{}, { scope: "file" }],
  server: [
    async ({ settings }, use) => {
      const server = await Server.start(settings);
      await use(server);
      await server.stop();
    },
    { scope: "file" },
  ],
  browser: [
    // biome-ignore lint/correctness/noEmptyPattern: what a fixture depends on is read from here
    async ({}, use) => {
      const browser = await launch();
      await use(browser);
      await browser.close();
    },
    { scope: "file" },
  ],
  room: async ({ task }, use) => use(`room-${task.id.replaceAll(/[^A-Za-z0-9]/g, "-")}`),
  address: async ({ server, room }, use) => use(`${server.url}/rooms/${room}`),
  enter: async ({ browser, server, address }, use) => {
    const people: Person[] = [];
    await use(async (name, options) => {
      const person = await comingTo(server, () => Person.enter(browser, address, name, options));
      people.push(person);
      return person;
    });
    await Promise.all(people.map((person) => person.leave()));
    expect(people.flatMap(({ complaints }) => complaints)).toEqual([]);
  },
  visit: async ({ browser, server }, use) => {
    const pages: Page[] = [];
    const complaints: (readonly string[])[] = [];
    await use(async (path, options) => {
      await server.revive();
      const page = await (await browser.newContext(options)).newPage();
      pages.push(page);
      complaints.push(complaintsOf(page));
      await page.goto(new URL(path, server.url).href);
      return page;
    });
    await Promise.all(pages.map((page) => page.context().close()));
    expect(complaints.flat()).toEqual([]);
  },
  ask: async ({ server }, use) =>
    use(async (method, path, body) => {
      const response = await fetch(`${server.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${SECRETS.API_KEY}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(response.ok).toBe(true);
      return response.status === 204 ? undefined : response.json();
    }),
});

/** Has someone come to a server; anew where that ended meanwhile, for a page that it had half loaded never works. */
export async function comingTo<T>(server: Server, come: () => Promise<T>): Promise<T> {
  await server.revive();
  return come().catch(async (error: unknown) => {
    if (await server.revive()) return come();
    throw error;
  });
}

/** Tests on a stage whose server has these settings. */
export function stageWith(settings: Readonly<Record<string, string>>): typeof it {
  return it.extend<{ settings: Stage["settings"] }>({ settings: [settings, { scope: "file" }] });
}

/** A token for someone, from the team's backend. */
export async function tokenFor(ask: Stage["ask"], request: object): Promise<string> {
  const body = await ask("POST", "/v1/tokens", request);
  return (body as { token: string }).token;
}
