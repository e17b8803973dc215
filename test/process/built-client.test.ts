import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { RealtimeClient, Room } from "../../src/client/index.ts";
import { BrokenProxy } from "../support/broken-proxy.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { freePort } from "../support/machine/port.ts";
import { pause } from "../support/pause.ts";
import { BareServer } from "./support/bare-server.ts";
import { NEWER, newerNamesIn } from "./support/newer-names.ts";

/** The oldest Node that README names, from npm, whatever runs the tests. */
const OLD_NODE = "node@20.20.2";
/** What a page may import of ours. */
const ENTRIES = ["dist/client/index.js", "dist/react/index.js", "dist/server/index.js"];
const SCRIPT = join(ROOT, "test/process/support/built-client.mjs");
const TAKEN = JSON.stringify(NEWER);
const REFUSED_SCRIPT = join(ROOT, "test/process/support/refused-client.mjs");
const run = promisify(execFile);

let server: BareServer;
/** Where npm has put it. */
let oldNode: string;
let Client: typeof RealtimeClient;
const clients: RealtimeClient[] = [];
const proxies: BrokenProxy[] = [];

beforeAll(async () => {
  const parts = ["client", "react", "server"].map((part) => `.scripts/build-${part}.mjs`);
  await Promise.all(parts.map((part) => run(process.execPath, [part], { cwd: ROOT })));
  const built: string = join(ROOT, "dist/client/index.js");
  ({ RealtimeClient: Client } = await import(built));
  const bundle = bundleOf(join(ROOT, "test/fixtures/kinds/worker.ts"));
  server = await BareServer.start({ GUESTS: "on" }, { bundle, documents: true });
  oldNode = await fetchOldNode();
}, 180_000);
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(proxies.splice(0).map((proxy) => proxy.stop()));
});
afterAll(() => server.stop());

describe("the built SDK on Node 20 with newer methods taken away, from npm as it is published", () => {
  it.each([
    ["websocket", "json", "websocket"],
    ["websocket", "msgpack", "websocket"],
    ["auto", "json", "websocket"],
    ["sse", "json", "sse"],
    ["poll", "json", "poll"],
  ])("talks over %s in %s", async (transport, wire, used) => {
    const flags = ["--experimental-websocket", "--no-warnings"];
    const said = await old([...flags, SCRIPT, TAKEN, server.url, transport, wire]);
    expect(said).toMatchObject({
      node: "v20.20.2",
      used,
      written: "響き",
      stored: [1, 2, 3],
      history: ["edited"],
      said: [true, true],
      poll: { seq: 1, tally: { soup: 1 }, votes: ["soup"] },
      errors: [],
      required: ["RealtimeClient", "RealtimeError", "refusal", "uuid"],
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect(said).toHaveProperty("seen", ["響き 👍"]);
  });

  it("goes by Server-Sent Events where there is no WebSocket at all, but for documents", async () => {
    const said = await old([SCRIPT, TAKEN, server.url, "auto", "msgpack"]);
    expect(said).toMatchObject({ used: "sse", stored: [1, 2, 3], written: "unreachable" });
  });

  it("goes on trying where nobody listens, with the WebSocket of the package ws", async () => {
    const nowhere = `http://127.0.0.1:${await freePort()}`;
    const statuses = await old([REFUSED_SCRIPT, nowhere]);
    expect(new Set(statuses as string[])).toEqual(new Set(["reconnecting"]));
  });
});

it("names no newer method in any file that a page loads, whatever runs of it", async () => {
  const files = (await Promise.all(ENTRIES.map((entry) => loadedBy(join(ROOT, entry))))).flat();
  const named = [...new Set(files)].flatMap((file) => {
    const names = newerNamesIn(readFileSync(file, "utf8"));
    return names.map((name) => `${relative(ROOT, file)}: ${name}`);
  });
  expect(files.length).toBeGreaterThan(ENTRIES.length);
  expect(named).toEqual([]);
});

describe("the built SDK on a connection that", () => {
  it("dies without a word finds out, comes back, and stores what was sent into it once", async () => {
    const proxy = await inBetween();
    const room = await entered(proxy.url, "half-open");
    await room.send("before");
    proxy.hold();
    proxy.passAgain();
    const asked = performance.now();
    const receipt = await room.send("into the void");
    const tookMs = performance.now() - asked;
    console.log(`half-open: stored after ${Math.round(tookMs)} ms`);
    // 5 s until the ack is overdue, 3 s for the probe, a second of backoff.
    expect(tookMs).toBeLessThan(20_000);
    expect(receipt.savedId).toBe(2);
    expect(await contents(room)).toEqual(["before", "into the void"]);
  });

  it("stalls for 30 s and heals resolves what was sent, stored once", async () => {
    const proxy = await inBetween();
    const room = await entered(proxy.url, "stall");
    const statuses: string[] = [];
    room.on("status", ({ status }) => statuses.push(status));
    proxy.hold();
    const sent = room.send("through the stall");
    await pause(30_000);
    proxy.release();
    const receipt = await sent;
    expect(receipt.savedId).toBe(1);
    expect(statuses).not.toContain("closed");
    expect(await contents(room)).toEqual(["through the stall"]);
  });
});

/** A file of what we ship, and what of it that loads, at once or later. */
async function loadedBy(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    packages: "external",
    metafile: true,
    write: false,
    logLevel: "error",
  });
  return Object.keys(metafile.inputs).map((file) => join(ROOT, file));
}

/** Asks the registry once, and not for each test; npm keeps what it got. */
async function fetchOldNode(): Promise<string> {
  const npm = ["exec", "--yes", `--package=${OLD_NODE}`, "--", "node", "-p", "process.execPath"];
  const { stdout } = await run("npm", npm, { cwd: ROOT, timeout: 150_000 });
  return stdout.trim();
}

async function old(args: readonly string[]): Promise<unknown> {
  const { stdout } = await run(oldNode, args, { cwd: ROOT, timeout: 60_000 });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

async function inBetween(): Promise<BrokenProxy> {
  const proxy = await BrokenProxy.start(server.port, { upgrades: true, streams: true });
  proxies.push(proxy);
  return proxy;
}

async function entered(url: string, id: string): Promise<Room> {
  const token = await guest();
  const client = new Client({ url, token: () => token, transport: "websocket" });
  clients.push(client);
  const room = client.room(id);
  await new Promise((resolve) => room.on("joined_room", resolve));
  return room;
}

async function guest(): Promise<string> {
  const body = JSON.stringify({ name: "Ann" });
  const response = await fetch(`${server.url}/v1/guests`, { method: "POST", body });
  return ((await response.json()) as { token: string }).token;
}

async function contents(room: Room): Promise<readonly unknown[]> {
  const { messages } = await room.history();
  return messages.map((message) => ("content" in message ? message.content : undefined));
}
