import { afterAll, beforeAll, expect, it } from "vitest";
import { RealtimeClient, type Room } from "../../src/client/index.ts";
import { BrokenProxy } from "../support/broken-proxy.ts";
import { SECRETS, Server } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { until } from "./support/until.ts";

const ROOMS = 5;
const EACH = 20;
const KILLS = 2;

let server: Server;
beforeAll(async () => {
  server = await Server.start();
});
afterAll(() => server.stop());

it.each([
  ["websocket", { upgrades: true, streams: true }, /^UPGRADE \/v1\/ws$/],
  ["sse", { upgrades: false, streams: true }, /^GET \/v1\/events$/],
  ["poll", { upgrades: false, streams: false }, /^GET \/v1\/poll$/],
] as const)(
  "loses and repeats nothing in five rooms of one client by %s, while the server is killed (P20.4)",
  async (transport, passes, path) => {
    const proxy = await BrokenProxy.start(server.port, passes);
    const [ada, ben] = ["ada", "ben"].map(
      (name) => new RealtimeClient({ url: proxy.url, token: tokenFor(name, SECRETS.AUTH_SECRET) }),
    ) as [RealtimeClient, RealtimeClient];
    const names = Array.from({ length: ROOMS }, (_, at) => `sdk-rooms-${transport}-${at}`);
    const writers = names.map((name) => ada.room(name));
    const readers = names.map((name) => ben.room(name));
    const seen = new Map<string, string[]>(names.map((name) => [name, []]));
    for (const reader of readers) {
      reader.on("new_message", ({ content }) => seen.get(reader.id)?.push(content));
    }
    await until(
      () => [...writers, ...readers].every(isOpen),
      () => [...writers, ...readers].map(statusOf),
    );
    expect(readers.map(statusOf)).toEqual(names.map(() => transport));
    expect(proxy.count(path)).toBeGreaterThanOrEqual(2);
    expect(proxy.count(/\/rooms\/[^/]+\/(ws|events)$/)).toBe(
      transport === "websocket" ? 0 : proxy.count(/^UPGRADE .*\/rooms\//),
    );

    const sent: Promise<unknown>[] = [];
    for (let kill = 0; kill <= KILLS; kill += 1) {
      for (let at = 0; at < EACH; at += 1) {
        for (const writer of writers) sent.push(writer.send(`${kill} ${at}`));
      }
      await sent.at(-ROOMS * 5);
      if (kill === KILLS) break;
      await server.kill();
      await server.up();
    }
    await Promise.all(sent);

    const everything = Array.from({ length: (KILLS + 1) * EACH }, (_, at) => {
      return `${Math.floor(at / EACH)} ${at % EACH}`;
    });
    await until(
      () => [...seen.values()].every(({ length }) => length >= everything.length),
      () => [...seen.values()].map(({ length }) => length),
    );
    for (const name of names) expect(seen.get(name)).toEqual(everything);
    await Promise.all([ada.close(), ben.close()]);
    await proxy.stop();
  },
);

function isOpen({ status }: Room): boolean {
  return status === "open";
}

function statusOf({ status, transport }: Room): string {
  return transport ?? status;
}
