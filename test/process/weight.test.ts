import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import { expect, it } from "vitest";
import { shippedBundle } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";

/**
 * What a page loads that speaks JSON, with nothing broken on its way: the first file and what it
 * imports: 14 KiB.
 */
const CORE_BYTES = 14_336;
/** What a page loads beside that, and beside Yjs, with its first document. */
const DOCUMENT_BYTES = 6 * 1024;
/** What a page loads beside the core with its first game. */
const GAME_BYTES = 6 * 1024;
/** What it loads beside the core with the third room, when rooms begin to share a WebSocket. */
const SHARED_BYTES = 3.5 * 1024;
/** What it loads beside the core where a WebSocket cannot be had. */
const HTTP_BYTES = 10.5 * 1024;
/** What the SDK stands on: an application may have the same. */
const SDK_PACKAGES = ["@msgpack/msgpack", "yjs", "y-protocols/*", "lib0/*"];
/** Documents and Yjs, which are a good part of it, included. */
const WORKER_BYTES = 240 * 1024;
/** What a page or a Worker has of a contract beside its schemas' library. */
const CONTRACT_BYTES = 6 * 1024;
/**
 * Without the packages that it stands on, of which a team's Worker may have the same; games are 6 KiB of
 * it, clients of Socket.IO 10, many rooms on one connection 5, the numbers of both 1.5.
 */
const SERVER_BYTES = 168 * 1024;
/** The hooks, beside the SDK and React; those that draw what moves are 0.2 KiB of it. */
const REACT_BYTES = 3.5 * 1024;
/** The real server of Socket.IO, beside what a deployment has anyway: the object that it runs in is 8 KiB of it. */
const SOCKETIO_BYTES = 46 * 1024;
const PACKAGES = ["hono", "jose", "zod", "@msgpack/msgpack", "yjs", "lib0/*", "cloudflare:workers"];
/** What a visitor of each page waits for: its scripts and style sheet. */
const PAGE_BYTES = {
  index: 54 * 1024,
  dashboard: 64 * 1024,
  editor: 220 * 1024,
  game: 75 * 1024,
} as const;
/**
 * The real rooms, loaded anew by each file of tests; the SDK beside them is the application's own. Games
 * that are stepped are 2 KiB of it, the pace of cursors 0.9, MessagePack 1.
 */
const TESTING_BYTES = 84 * 1024;

const WITHOUT_DOCUMENTS: Plugin = {
  name: "without-documents",
  setup({ onLoad }) {
    const contents = "export class DocumentObject {}";
    onLoad({ filter: /\/objects\/document-object\.ts$/ }, () => ({ contents }));
  },
};

it("keeps the SDK's core small, without zod, MessagePack, Yjs and the ways around a WebSocket", async () => {
  const parts = await sdkParts();
  const core = parts.needed("out/index.js");
  const bytes = gzipSync(parts.contents(core), { level: 9 }).length;
  console.log(`SDK core: ${bytes} bytes gzipped (at most ${CORE_BYTES})`);
  expect(bytes).toBeLessThanOrEqual(CORE_BYTES);
  expect(parts.packages(core)).toEqual([]);
  const more = parts.beside(core, "open-document");
  const moreBytes = gzipSync(parts.contents(more), { level: 9 }).length;
  const said = [moreBytes, DOCUMENT_BYTES].map((size) => (size / 1024).toFixed(1));
  console.log(`SDK with a document: ${said[0]} KiB more gzipped (at most ${said[1]}), beside Yjs`);
  expect(moreBytes).toBeLessThanOrEqual(DOCUMENT_BYTES);
  expect(parts.packages(more)).toContain("yjs");
  for (const [what, name, most] of [
    ["a game", "open-game", GAME_BYTES],
    ["rooms that share a WebSocket", "shared-transport", SHARED_BYTES],
    ["the ways around a WebSocket", "http-transports", HTTP_BYTES],
  ] as const) {
    const beside = parts.beside(core, name);
    const besideBytes = gzipSync(parts.contents(beside), { level: 9 }).length;
    const kib = (besideBytes / 1024).toFixed(1);
    console.log(`SDK with ${what}: ${kib} KiB more gzipped (at most ${most / 1024})`);
    expect(besideBytes).toBeLessThanOrEqual(most);
    expect(parts.packages(beside)).toEqual([]);
  }
});

it("keeps the Worker small", async () => {
  const bytes = gzipSync(await readFile(await shippedBundle()), { level: 9 }).length;
  const documents = (await workerBytes(true)) - (await workerBytes(false));
  const said = [bytes, documents].map((size) => (size / 1024).toFixed(1));
  console.log(
    `Worker: ${said[0]} KiB gzipped (at most ${WORKER_BYTES / 1024}), of which documents are ${said[1]}`,
  );
  expect(bytes).toBeLessThanOrEqual(WORKER_BYTES);
});

it.each([
  ["hibiki", "server/index.js", [], CONTRACT_BYTES],
  ["hibiki/server", "server/server.js", PACKAGES, SERVER_BYTES],
  ["hibiki/socket.io", "server/socket.io.js", [...PACKAGES, "node:*"], SOCKETIO_BYTES],
  ["hibiki/testing", "server/testing.js", [...PACKAGES, "hibiki/client", "node:*"], TESTING_BYTES],
  ["hibiki/react", "react/index.js", ["react", "../client/index.js"], REACT_BYTES],
] as const)("keeps %s small", async (name, file, external, most) => {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: [`dist/${file}`],
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    external: [...external],
    legalComments: "none",
    logLevel: "error",
  });
  const bytes = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
  console.log(`${name}: ${(bytes / 1024).toFixed(1)} KiB gzipped (at most ${most / 1024})`);
  expect(bytes).toBeLessThanOrEqual(most);
});

it.each(Object.entries(PAGE_BYTES))(
  "keeps what the page %s.html loads at once small",
  async (page, most) => {
    const html = await readFile(join(ROOT, "dist/web", `${page}.html`), "utf8");
    const assets = new Set<string>();
    const follow = async (text: string, link: RegExp): Promise<void> => {
      for (const [, path = ""] of text.matchAll(link)) {
        if (assets.has(path)) continue;
        assets.add(path);
        const file = await readFile(join(ROOT, "dist/web", path), "utf8");
        if (path.endsWith(".js")) await follow(file, /\b(?:from|import)"(\/assets\/[^"]+)"/g);
      }
    };
    await follow(html, /(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g);
    const files = [...assets].map((path) => readFile(join(ROOT, "dist/web", path)));
    const sizes = (await Promise.all(files)).map((file) => gzipSync(file, { level: 9 }).length);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`${page}.html: ${(bytes / 1024).toFixed(1)} KiB gzipped (at most ${most / 1024})`);
    expect(bytes).toBeLessThanOrEqual(most);
  },
);

/** The SDK as a bundler cuts it up, minified. */
async function sdkParts() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["dist/client/index.js"],
    outdir: "out",
    bundle: true,
    splitting: true,
    format: "esm",
    minify: true,
    write: false,
    metafile: true,
    external: SDK_PACKAGES,
    legalComments: "none",
    logLevel: "error",
  });
  const imports = (part: string) =>
    (metafile.outputs[part]?.imports ?? []).filter(({ kind }) => kind === "import-statement");
  const follow = (part: string, known: Set<string>): Set<string> => {
    if (known.has(part)) return known;
    known.add(part);
    for (const { path, external } of imports(part)) if (external !== true) follow(path, known);
    return known;
  };
  const needed = (part: string) => follow(part, new Set());
  const named = (name: string) =>
    Object.keys(metafile.outputs).find((part) => part.startsWith(`out/${name}`)) ?? name;
  return {
    /** A part and all that it needs at once. */
    needed,
    /** What a part needs at once beside others. */
    beside: (others: ReadonlySet<string>, name: string) =>
      [...needed(named(name))].filter((part) => !others.has(part)),
    /** Packages of others that parts need. */
    packages: (parts: Iterable<string>) =>
      [...parts].flatMap(imports).flatMap(({ path, external }) => (external === true ? path : [])),
    contents: (parts: Iterable<string>) => {
      const wanted = [...parts];
      const files = outputFiles.filter(({ path }) => wanted.some((part) => path.endsWith(part)));
      return Buffer.concat(files.map(({ contents }) => contents));
    },
  };
}

/** Bytes of the Worker, gzipped, with documents or without. */
async function workerBytes(hasDocuments: boolean): Promise<number> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ["src/index.ts"],
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
    conditions: ["workerd", "worker"],
    external: ["cloudflare:*"],
    legalComments: "none",
    logLevel: "error",
    plugins: hasDocuments ? [] : [WITHOUT_DOCUMENTS],
  });
  return gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
}
