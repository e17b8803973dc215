// The types of socket.io beside those of `hibiki/socket.io`: whoever installs Hibiki has neither that
// package nor the types of Node, which they speak of.
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
/** Where declarations come from, and the folder below ours that they go to. */
const SOURCES = [
  ["node_modules/socket.io/dist", "."],
  ["node_modules/socket.io-adapter/dist", "adapter"],
  ["node_modules/socket.io-parser/build/esm", "parser"],
  ["node_modules/@socket.io/component-emitter/lib/esm", "emitter"],
  [".scripts/socketio-types", "node"],
];
/** What they are known by there, and where that is. */
const PLACES = {
  "socket.io": "index",
  "socket.io-adapter": "adapter/index",
  "socket.io-parser": "parser/index",
  "@socket.io/component-emitter": "emitter/index",
  "engine.io": "node/engine",
  events: "node/events",
  http: "node/http",
  https: "node/http",
  http2: "node/http",
  querystring: "node/querystring",
};
const IMPORT = /(\b(?:from|import)\s*\(?\s*")([^"]+)"/g;

/** Writes them into a folder, with the licence that they are under. */
export async function writeSocketioTypes(folder) {
  for (const [source, below] of SOURCES) {
    await mkdir(join(folder, below), { recursive: true });
    for (const name of await readdir(join(ROOT, source))) {
      if (!name.endsWith(".d.ts")) continue;
      const path = join(folder, below, name);
      await writeFile(
        path,
        ownImports(await readFile(join(ROOT, source, name), "utf8"), path, folder),
      );
    }
  }
  await cp(join(ROOT, "node_modules/socket.io/LICENSE"), join(folder, "LICENSE"));
}

/** The text of a declaration, importing those in the folder. */
export function ownImports(text, path, folder) {
  return text.replaceAll(IMPORT, (whole, before, from) => {
    if (from.startsWith("./") && !/\.[jt]s$/.test(from)) return `${before}${from}.js"`;
    if (!Object.hasOwn(PLACES, from)) return whole;
    const place = relative(dirname(path), join(folder, PLACES[from]));
    return `${before}${place.startsWith(".") ? place : `./${place}`}.js"`;
  });
}
