import { afterAll, beforeAll, expect, it } from "vitest";
import { RealtimeClient, type Room } from "../../src/client/index.ts";
import { BrokenProxy } from "../support/broken-proxy.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { until } from "./support/until.ts";

const ROOMS = 5;
const EACH = 10;

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start();
});
afterAll(() => server.stop());

it.each([
  ["websocket", { upgrades: true, streams: true }, /^UPGRADE \/v1\/ws$/, /^UPGRADE .*\/ws$/, 2],
  ["sse", { upgrades: false, streams: true }, /^GET \/v1\/events$/, /^GET .*\/events$/, 1],
  ["poll", { upgrades: false, streams: false }, /^GET \/v1\/poll$/, /^GET .*\/poll$/, 1],
] as const)(
  "loses and repeats nothing in five rooms of one client by %s, while the server is killed (P20.4)",
  async (transport, passes, shared, any, kills) => {
    const proxy = await BrokenProxy.start(server.port, passes);
    const clientOf = (name: string) =>
      new RealtimeClient({ url: proxy.url, token: tokenFor(name, SECRETS.AUTH_SECRET) });
    const [ada, ben] = [clientOf("ada"), clientOf("ben")];
    const names = Array.from({ length: ROOMS }, (_, at) => `sdk-rooms-${transport}-${at}`);
    const writers = names.map((name) => ada.room(name));
    const readers = names.map((name) => ben.room(name));
    const seen = new Map<string, string[]>(names.map((name) => [name, []]));
    for (const reader of readers) {
      reader.on("new_message", ({ content }) => seen.get(reader.id)?.push(content));
    }
    const standing = () => [...writers, ...readers].map(standingOf);
    const allOpen = () => [...writers, ...readers].every(({ status }) => status === "open");
    await until(() => allOpen() && proxy.count(shared) >= 2, standing);
    expect(readers.map(standingOf)).toEqual(names.map(() => transport));

    const sent: Promise<unknown>[] = [];
    for (let kill = 0; kill <= kills; kill += 1) {
      for (let at = 0; at < EACH; at += 1) {
        for (const writer of writers) sent.push(writer.send(`${kill} ${at}`));
      }
      if (kill === kills) break;
      // Some of it is on its way.
      await sent.at(-ROOMS * 5);
      await server.kill();
      await until(() => !allOpen(), standing);
      await server.up();
      await until(allOpen, standing);
    }
    await Promise.all(sent);

    const everything = Array.from({ length: (kills + 1) * EACH }, (_, at) => {
      return `${Math.floor(at / EACH)} ${at % EACH}`;
    });
    await until(
      () => [...seen.values()].every(({ length }) => length >= everything.length),
      () => [...seen.values()].map(({ length }) => length),
    );
    for (const name of names) expect(seen.get(name)).toEqual(everything);
    const asked = { shared: proxy.count(shared), any: proxy.count(any) };
    console.log(JSON.stringify({ test: "sdk-rooms", transport, ...asked, kills }));
    // The first one that comes back may be alone for a moment.
    expect(asked.any).toBeLessThan(2 * asked.shared);
    await Promise.all([ada.close(), ben.close()]);
    await proxy.stop();
  },
);

/** By what a room is reached, or why it is not. */
function standingOf({ status, transport }: Room): string {
  return transport ?? status;
}
