import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintToken } from "../../src/auth/mint.ts";
import { removeFolder, temporaryFolder } from "../support/machine/folder.ts";
import { ROOT } from "../support/machine/paths.ts";
import { install, PACKAGES, packed } from "../support/packed.ts";
import { SECRETS, Server } from "../support/server.ts";

const execute = promisify(execFile);
const BIN = join(ROOT, "node_modules/.bin");

let folder: string;
let project: string;
let tarball: string;
/** Begun at once, since each takes a while. */
let checks: { readonly packed: Promise<unknown>; readonly typed: Promise<unknown> };

beforeAll(async () => {
  folder = temporaryFolder();
  project = join(folder, "team");
  const packages = await packed(folder);
  tarball = packages["hibiki"]?.replace("file:", "") ?? "";
  cpSync(join(ROOT, "test/fixtures/team"), project, { recursive: true });
  const { hibiki, hono, zod, ...overrides } = packages;
  const manifest = {
    private: true,
    type: "module",
    dependencies: { hibiki, hono, zod },
    overrides,
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  await install(project);
  checks = { packed: checkPackage(), typed: checkTypes() };
});
afterAll(() => removeFolder(folder));

describe("the package, as npm would ship it", () => {
  it("has nothing that publint or arethetypeswrong would mend", async () => {
    await expect(checks.packed).resolves.toBeDefined();
  });

  it("brings along what it needs, and one Hono for everybody", () => {
    const lock = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8"));
    const installed = Object.keys(lock.packages).filter((path) => path !== "");
    expect(installed.sort()).toEqual(
      ["hibiki", ...PACKAGES].map((name) => `node_modules/${name}`).sort(),
    );
  });

  it("is contracts and rules on plain Node, with nothing beside them", async () => {
    const program = `
      import { contract, kind, refuse, server } from "hibiki";
      console.log(typeof contract, typeof kind, typeof server, refuse("full").code);
    `;
    expect(await said(process.execPath, ["--input-type=module", "-e", program])).toBe(
      "function function function full",
    );
  });
});

it("is added to a Worker by the very files that README shows", () => {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const shown = [...readme.matchAll(/```\w+\n(?:\/\/|#) (\S+\.(?:ts|toml))\n([\s\S]+?)```/g)];
  expect(shown.map(([, path]) => path)).toEqual([
    "src/poll.ts",
    "src/polls.ts",
    "src/worker.ts",
    "wrangler.toml",
  ]);
  for (const [, path = "", text] of shown) {
    expect(text).toBe(readFileSync(join(ROOT, "test/fixtures/team", path), "utf8"));
  }
});

describe("a Worker of a team's own, in a project outside of this repository", () => {
  let server: Server;
  beforeAll(async () => {
    server = await Server.start({}, { folder: project, base: "/realtime" });
  });
  afterAll(() => server.stop());

  it("passes the strictest types, with wrong lines refused", async () => {
    await expect(checks.typed).resolves.toBeDefined();
  });

  it("runs its kind below a path of its Hono app: over HTTP, a WebSocket and the typed caller", async () => {
    const rooms = { "*": ["read", "write", "publish"] as const };
    const request = { sub: "ada", rooms, ttlSeconds: 600 };
    const { token } = await mintToken({ secret: SECRETS.AUTH_SECRET }, request, Date.now());
    const headers = { Authorization: `Bearer ${token}` };
    const lunch = `${server.url}/realtime/v1/rooms/poll:lunch`;
    const socket = new WebSocket(`${lunch.replace("http", "ws")}/ws?token=${token}`);
    const heard = framesOf(socket);
    expect(await heard("joined_room")).toMatchObject({
      payload: { state: { open: true, votes: {} }, contract: { version: 2 } },
    });

    const vote = (option: string) =>
      fetch(`${lunch}/events/vote`, { method: "POST", headers, body: JSON.stringify({ option }) });
    expect([(await vote("soup")).status, (await vote("")).status]).toEqual([201, 400]);
    expect(await heard("vote")).toMatchObject({ seq: 1, payload: { option: "soup" } });
    socket.send(JSON.stringify({ type: "vote", messageId: "m-1", payload: { option: "ramen" } }));
    expect(await heard("ack")).toMatchObject({ payload: { success: true, savedId: 2 } });

    const close = () => fetch(`${server.url}/lunch/close?winner=ramen`, { method: "POST" });
    const first = await close();
    expect(await first.json()).toEqual({ seq: 3, duplicate: false, votes: { ada: "ramen" } });
    expect(first.headers.get("X-Team")).toBe("yes");
    expect(await (await close()).json()).toMatchObject({ seq: 3, duplicate: true });
    expect(await heard("closed")).toMatchObject({ seq: 3, userId: "system" });
    expect(await (await vote("soup")).json()).toMatchObject({ error: { code: "closed" } });

    const state = await fetch(`${lunch}/state`, { headers });
    expect(await state.json()).toMatchObject({
      seq: 3,
      state: { open: false, votes: { ada: "ramen" } },
    });
    expect(await (await fetch(server.url)).text()).toBe("a page of the team's own");
    socket.close();
  });

  it("is reached by the SDK of the same package, below the same path", async () => {
    const request = { sub: "ben", rooms: { "*": ["read", "write"] as const }, ttlSeconds: 600 };
    const { token } = await mintToken({ secret: SECRETS.AUTH_SECRET }, request, Date.now());
    const program = `
      import { RealtimeClient } from "hibiki/client";
      const client = new RealtimeClient({ url: "${server.url}/realtime", token: "${token}" });
      const { poll } = await import("./src/poll.ts");
      const { savedId } = await client.room("general").send("hello");
      const supper = client.room(poll, "poll:supper");
      const { seq } = await supper.send("vote", { option: "soup" }, { optimistic: true });
      console.log(JSON.stringify([savedId, seq, supper.state.votes]));
      await client.close();
    `;
    expect(await said(process.execPath, ["--input-type=module", "-e", program])).toBe(
      '[1,1,{"ben":"soup"}]',
    );
  });
});

function checkPackage(): Promise<unknown> {
  return Promise.all([
    said(join(BIN, "attw"), [tarball, "--profile", "esm-only", "--no-emoji"]),
    said(join(BIN, "publint"), ["run", tarball, "--strict"]),
  ]);
}

/** As a team would: what is bound, told as types; then everything, the types of libraries too. */
async function checkTypes(): Promise<unknown> {
  const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  await said(process.execPath, [wrangler, "types"]);
  return said(join(BIN, "tsc"), ["-p", "."]);
}

/** Runs something in the project; a failure is what it said. */
async function said(command: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, CI: "true", WRANGLER_SEND_METRICS: "false" };
  const run = execute(command, args, { cwd: project, env });
  const { stdout } = await run.catch(({ stdout, stderr }) =>
    Promise.reject(new Error(`${stdout}${stderr}`)),
  );
  return stdout.trim();
}

/** Waits for the first frame of a type, come already or to come. */
function framesOf(socket: WebSocket) {
  const frames: { type: string }[] = [];
  let wake = () => {};
  socket.addEventListener("message", ({ data }) => {
    frames.push(JSON.parse(String(data)));
    wake();
  });
  return async (type: string): Promise<unknown> => {
    for (;;) {
      const frame = frames.find((one) => one.type === type);
      if (frame !== undefined) return frame;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}
