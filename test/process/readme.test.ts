import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mintToken } from "../../src/auth/mint.ts";
import { SECRETS, Server } from "../support/server.ts";

// Inside the package, so that `hibiki/client` is this one.
const FOLDER = ".wrangler/readme";
let server: Server;
beforeAll(async () => {
  server = await Server.start();
});
afterAll(async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  await server.stop();
});

it("runs the README's client example as it stands, on the client that npm would ship", async () => {
  const readme = readFileSync("README.md", "utf8");
  const example = /## A client in ten lines\s+```js\n([\s\S]+?)```/.exec(readme)?.[1] ?? "";
  const request = { sub: "reader", rooms: { "*": ["read", "write"] as const }, ttlSeconds: 600 };
  const { token } = await mintToken({ secret: SECRETS.AUTH_SECRET }, request, Date.now());
  mkdirSync(FOLDER, { recursive: true });
  const program = example
    .replace("http://localhost:8787", server.url)
    .concat("\nsetTimeout(() => client.close(), 100);\n");
  writeFileSync(`${FOLDER}/example.mjs`, `const token = ${JSON.stringify(token)};\n${program}`);

  expect(example.trim().split("\n").filter(Boolean).length).toBeLessThanOrEqual(10);
  expect(await run(`${FOLDER}/example.mjs`)).toEqual([
    "1 here 0",
    "reader: Hello from the edge",
    "stored as 1",
  ]);
});

function run(file: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [file], { timeout: 20_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim().split("\n"));
      else reject(new Error(`${error.message}\n${stdout}\n${stderr}`));
    });
  });
}
