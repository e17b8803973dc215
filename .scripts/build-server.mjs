// Builds what a team's own Worker imports, as npm publishes it: `hibiki` (contracts and rules, pure),
// `hibiki/server` (what runs them), `hibiki/testing` (the same on plain Node), `hibiki/socket.io` (a team's
// own server of Socket.IO), and the types they speak.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { socketioOnWorkerd } from "./socketio-on-workerd.mjs";
import { ownImports, writeSocketioTypes } from "./socketio-types.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const run = promisify(execFile);
const OUT = join(ROOT, "dist/server");
/** Where the SDK's declarations are. */
const CLIENT = join(ROOT, "dist/client/client");
/** Where the declarations of socket.io are put. */
const SOCKETIO = join(OUT, "types/socket.io");
/** A file that a declaration speaks of, without its extension. */
const RELATIVE = /(\b(?:from|import)\s*\(?\s*")(\.[^"]+)\.ts"/g;

await rm(OUT, { recursive: true, force: true });
await build({
  absWorkingDir: ROOT,
  entryPoints: {
    index: "src/contract/index.ts",
    server: "src/server/index.ts",
    testing: "src/testing/index.ts",
    "socket.io": "src/hub/index.ts",
  },
  outdir: OUT,
  chunkNames: "[name]-[hash]",
  bundle: true,
  // All entry points share what makes a contract and a refusal what they are: each with a copy of its
  // own, none would know another's, and an event that clients cannot send would be any event.
  splitting: true,
  format: "esm",
  // As the SDK's: pages import contracts.
  target: ["safari15.4", "chrome92", "firefox90", "node20"],
  // Hono is a peer, for the app is mounted in the team's own: there is to be one. The rest are plain
  // dependencies, of which an application may have the same copy already. The platform brings its own.
  plugins: [{ name: "sdk", setup: takeSdkAsItIs }, socketioOnWorkerd],
  define: { "process.nextTick": "nextTick" },
  inject: [join(ROOT, "src/hub/next-tick.ts")],
  external: [
    "hono",
    "hono/*",
    "jose",
    "zod",
    "@msgpack/msgpack",
    "yjs",
    "lib0/*",
    "cloudflare:workers",
    "node:*",
  ],
  sourcemap: true,
});
await Promise.all([
  writeTypes("src/server", ["contract/index.d.ts", "server/index.d.ts"]),
  writeTypes("src/testing", ["testing/index.d.ts"]),
  writeTypes("src/hub", ["hub/index.d.ts"]),
  writeSocketioTypes(SOCKETIO),
]);

/** The test kit drives the SDK that a team's pages have: an error of another copy would be no error of it. */
function takeSdkAsItIs({ onResolve }) {
  onResolve({ filter: /\/client\/client\.ts$/ }, () => ({ path: "hibiki/client", external: true }));
}

/** Writes the declarations that these need, out of those of all that a project's own ones reach. */
async function writeTypes(project, entries) {
  const all = await mkdtemp(join(tmpdir(), "hibiki-types-"));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const args = ["-p", `${project}/tsconfig.published.json`, "--outDir", all];
  await run(process.execPath, [tsc, ...args], { cwd: ROOT }).catch(({ stdout }) =>
    Promise.reject(new Error(stdout)),
  );
  const needed = new Set(entries.map((entry) => join(all, entry)));
  for (const path of needed) {
    const text = await readFile(path, "utf8");
    // By the names that the files have once they are built; compilers other than ours want no other.
    const published = text.replaceAll(RELATIVE, (_, before, from) => {
      // The SDK's are told where it is: of two copies, neither room would be the other.
      const ofClient = relative(join(all, "client"), join(dirname(path), from));
      if (!ofClient.startsWith("..")) {
        const place = relative(join(OUT, "types", relative(all, dirname(path))), CLIENT);
        return `${before}${join(place, ofClient)}.js"`;
      }
      needed.add(join(dirname(path), `${from}.d.ts`));
      return `${before}${from}.js"`;
    });
    const place = join(OUT, "types", relative(all, path));
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, ownImports(published, place, SOCKETIO));
  }
  await rm(all, { recursive: true });
}
