// Builds the pages: each is an HTML document whose relative links name what to bundle. The results
// get hashed names under /assets/, so that they can be cached for good.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { guidePages } from "./guides.mjs";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(ROOT, "dist/web");

/**
 * Every page: where its document is, and what it is served as. One that is `apart` shares no files with
 * the others: each piece that is shared is a file more for all, and theirs are to stay few and small.
 */
const PAGES = [
  { document: "src/web/chat/index.html", served: "index.html" },
  { document: "src/web/editor/index.html", served: "editor.html", apart: true },
  { document: "src/web/game/index.html", served: "game.html", apart: true },
  { document: "src/web/dashboard/index.html", served: "dashboard.html" },
  { document: "src/web/docs/index.html", served: "docs.html" },
  { document: "src/web/ops/index.html", served: "ops.html" },
];

/**
 * How the platform serves what does not go through the Worker: a hashed name never changes what it
 * is the name of. (developers.cloudflare.com/workers/static-assets/headers)
 */
const HEADERS_FILE = "_headers";
const HEADERS = `/assets/*
  Cache-Control: public, max-age=31536000, immutable
  X-Content-Type-Options: nosniff
`;

/** Of the frames of the default deployment, which the Worker serves (src/edge/asyncapi/built.ts). */
const DESCRIPTION = "asyncapi.json";

/**
 * Ways into the SDK that no page takes which shares files with others: left in, they would cut what is
 * shared into more pieces, of which each page loads all.
 */
const NOT_TAKEN = {
  name: "not-taken",
  setup({ onLoad }) {
    const contents = `throw new Error("This page was built without this way: .scripts/build-web.mjs");`;
    onLoad({ filter: /\/src\/client\/open-(?:document|game)\.ts$/ }, () => ({ contents }));
  },
};

/** `href` or `src` of something beside the document. */
const RELATIVE_LINK = /\b(href|src)="(\.[^"]+)"/g;

const pages = [...(await Promise.all(PAGES.map(readPage))), ...(await guidePages(ROOT))].map(
  linked,
);
const bundles = await Promise.all([
  bundleOf(
    pages.filter(({ apart }) => !apart),
    [NOT_TAKEN],
  ),
  ...pages.filter(({ apart }) => apart).map((page) => bundleOf([page], [])),
]);
const outputFiles = bundles.flatMap((bundle) => bundle.outputFiles);
const outputs = bundles.flatMap(({ metafile }) => Object.entries(metafile.outputs));

for (const { path, contents } of outputFiles) await write(path, contents);
for (const page of pages) await write(join(OUT, page.served), rewritten(page));
await write(join(OUT, HEADERS_FILE), HEADERS);
await write(join(OUT, DESCRIPTION), await describedFrames());
await removeStale();

function bundleOf(pages, plugins) {
  return build({
    absWorkingDir: ROOT,
    entryPoints: [...new Set(pages.flatMap(({ links }) => links))],
    outdir: OUT,
    entryNames: "assets/[name]-[hash]",
    assetNames: "assets/[name]-[hash]",
    chunkNames: "assets/[name]-[hash]",
    publicPath: "/",
    bundle: true,
    splitting: true,
    format: "esm",
    // The same browsers as the SDK that they are built on.
    target: ["safari15.4", "chrome92", "firefox90"],
    jsx: "automatic",
    jsxImportSource: "hono/jsx/dom",
    loader: { ".svg": "copy" },
    minify: true,
    legalComments: "none",
    metafile: true,
    plugins,
    // Written only when all is well: a failed build leaves the last good one in place.
    write: false,
  });
}

async function readPage(page) {
  return { ...page, html: await readFile(join(ROOT, page.document), "utf8") };
}

/** A page with the paths that its document links to, relative to the root. */
function linked(page) {
  const { document, html } = page;
  const links = [...html.matchAll(RELATIVE_LINK)].map(([, , link]) => entryOf(document, link));
  return { ...page, links };
}

/** The document with every relative link replaced by what was built of it. */
function rewritten({ document, html }) {
  return html.replace(
    RELATIVE_LINK,
    (_, attribute, link) => `${attribute}="${addressOf(entryOf(document, link))}"`,
  );
}

function entryOf(document, link) {
  return join(dirname(document), link);
}

/** The address under which a built entry is served. */
function addressOf(entry) {
  const output = outputs.find(
    ([, { entryPoint, inputs }]) => (entryPoint ?? Object.keys(inputs)[0]) === entry,
  );
  if (output === undefined) throw new Error(`Nothing was built of ${entry}.`);
  return `/${relative(OUT, join(ROOT, output[0]))}`;
}

/** Removes what earlier builds left, last of all: a server may be serving from there. */
async function removeStale() {
  const fresh = new Set([
    ...outputFiles.map(({ path }) => path),
    ...pages.map(({ served }) => join(OUT, served)),
    join(OUT, HEADERS_FILE),
    join(OUT, DESCRIPTION),
  ]);
  const files = await readdir(OUT, { recursive: true, withFileTypes: true });
  const stale = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => !fresh.has(path));
  await Promise.all(stale.map((path) => rm(path)));
}

/** Made by the very code that other deployments have in their Workers. */
async function describedFrames() {
  const contents = `
    import { asyncApiDocument } from "./src/edge/asyncapi/document.ts";
    import { BUILT_CONTENT_CHARS } from "./src/edge/asyncapi/built-bound.ts";
    import { VERSION } from "./src/edge/version.ts";
    export default JSON.stringify(asyncApiDocument(VERSION, BUILT_CONTENT_CHARS));`;
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT },
    bundle: true,
    format: "esm",
    platform: "node",
    write: false,
  });
  const { text } = outputFiles[0];
  return (await import(`data:text/javascript,${encodeURIComponent(text)}`)).default;
}

async function write(path, contents) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, contents);
}
