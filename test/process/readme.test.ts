import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mintToken } from "../../src/auth/mint.ts";
import { removeFolder } from "../support/machine/folder.ts";
import { keep } from "../support/machine/keeper.ts";
import { SECRETS, Server } from "../support/server.ts";

// Inside the package, so that `hibiki/client` is this one.
const FOLDER = ".wrangler/readme";
let server: Server;
beforeAll(async () => {
  keep({ kind: "folder", folder: FOLDER });
  server = await Server.start();
});
afterAll(async () => {
  removeFolder(FOLDER);
  await server.stop();
});

const readme = readFileSync("README.md", "utf8");

it("runs the README's client example as it stands, on the client that npm would ship", async () => {
  const example = /## A client in ten lines\s+```js\n([\s\S]+?)```/.exec(readme)?.[1] ?? "";
  const request = { sub: "reader", rooms: { "*": ["read", "write"] as const }, ttlSeconds: 600 };
  const { token } = await mintToken({ secret: SECRETS.AUTH_SECRET }, request, Date.now());
  mkdirSync(FOLDER, { recursive: true });
  const program = example
    .replace("http://localhost:8787", server.url)
    .concat("\nsetTimeout(() => client.close(), 100);\n");
  writeFileSync(`${FOLDER}/example.mjs`, `const token = ${JSON.stringify(token)};\n${program}`);

  expect(example.trim().split("\n").filter(Boolean).length).toBeLessThanOrEqual(10);
  expect((await run(process.execPath, `${FOLDER}/example.mjs`)).trim().split("\n")).toEqual([
    "1 here 0",
    "reader: Hello from the edge",
    "stored as 1",
  ]);
});

it("runs its example of inboxes and topics, on what a backend sends", async () => {
  const example = /Rooms of other kinds have their own words:\s+```js\n([\s\S]+?)```/.exec(
    readme,
  )?.[1];
  const rooms = { "topic:*": ["read"] as const };
  const request = { sub: "watcher", rooms, ttlSeconds: 600 };
  const { token } = await mintToken({ secret: SECRETS.AUTH_SECRET }, request, Date.now());
  const start = `import { RealtimeClient } from "hibiki/client";
const client = new RealtimeClient({ url: ${JSON.stringify(server.url)}, token: ${JSON.stringify(token)} });
`;
  const end = `
let joined = 0;
for (const room of [inbox, topic]) room.on("joined_room", () => ++joined === 2 && send());
async function send() {
  const post = (path, body) => fetch(${JSON.stringify(server.url)} + path, {
    method: "POST",
    headers: { Authorization: "Bearer ${SECRETS.API_KEY}" },
    body: JSON.stringify(body),
  });
  await post("/v1/users/watcher/notifications", { type: "order", title: "Shipped" });
  await post("/v1/rooms/topic:prices/publish", { event: "price", data: 41.5 });
}
topic.on("event", () => setTimeout(() => client.close(), 500));
`;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/kinds.mjs`, start + example + end);
  const lines = (await run(process.execPath, `${FOLDER}/kinds.mjs`)).trim().split("\n");
  expect(lines).toContain("Shipped");
  expect(lines).toContain("1 unread");
  expect(lines).toContain("0 unread");
  expect(lines).toContain("price 41.5");
});

/** What each of the README's commands must answer, block by block. */
const ANSWERS: readonly (readonly [about: string, answers: readonly RegExp[]])[] = [
  ["a guest's token", [/^$/]],
  ["a user's token", [/^\{"token":"[^"]+","expiresAt":"[^"]+"\}$/]],
  ["messages", [/^\{"savedId":\d+,"duplicate":true\}\{"savedId":\d+\}$/]],
  [
    "history, changes, a receipt",
    [
      /^\{"messages":\[.*"userName":"Ada","content":"Hello from the edge".*"userId":"shop"/,
      /\}\{"savedId":\d+\}\{"savedId":\d+\}$/,
    ],
  ],
  [
    "a short poll",
    [/^\{"savedId":\d+\}\{"events":\[.*"content":"Anything new\?".*"recovered":true\}$/],
  ],
  ["a long poll", [/\{"savedId":\d+\}/, /\{"events":\[.*"content":"Now there is"/]],
  ["an event stream", [/^event: joined_room$/m, /^data: .*"content":"Now there is"/m]],
  ["publishing", [/^\{"delivered":\d+\}\{"delivered":0\}$/]],
  ["notifications", [/^\{"savedId":1\}\{.*"title":"Invoice 7 is paid".*"unread":1/]],
  [
    "moderation",
    [/^\{"users":\[.*\]\}\{"savedId":\d+\}\{"disconnected":0,"bannedUntil":"[^"]+"\}$/],
  ],
  ["moving a room", [/^\{"epoch":"[^"]+","seq":\d+,"lines":\d+\}$/]],
];

describe("the README's commands", () => {
  let outputs: readonly string[] = [];
  beforeAll(async () => {
    const blocks = [...readme.matchAll(/```sh run\n([\s\S]+?)```/g)].map(([, block = ""]) => block);
    const script = blocks
      .map((block) => block.replaceAll("http://localhost:8787", server.url))
      .join("\nprintf '\\0'\n");
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(`${FOLDER}/.dev.vars`, `API_KEY=${SECRETS.API_KEY}\n`);
    writeFileSync(`${FOLDER}/commands.sh`, script);
    outputs = (await run("bash", "commands.sh", FOLDER)).split("\0").map((text) => text.trim());
  });

  it("are all known to this test", () => {
    expect(outputs).toHaveLength(ANSWERS.length);
  });

  it.each(ANSWERS.map(([about, answers], i) => [about, i, answers] as const))(
    "get what they say: %s",
    (_, i, answers) => {
      for (const answer of answers) expect(outputs[i]).toMatch(answer);
      expect(outputs[i]).not.toContain('"error"');
    },
  );
});

/** What a program prints. A stream that an example cuts off makes `curl` fail, and rightly so. */
function run(program: string, file: string, cwd?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, [file], { timeout: 60_000, cwd }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
    });
  });
}
