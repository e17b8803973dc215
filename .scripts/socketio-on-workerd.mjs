// What socket.io asks of Node and of packages that have no part here: an Engine.IO, its WebSockets, and
// the files that its server hands out.

/** Of socket.io's own packages, and of nobody else's. */
const SOCKETIO = /node_modules\/socket\.io(-adapter|-parser)?\//;

/** What is said to a server that is to listen as it does on Node. */
const REFUSE = `function refuse() {
  throw new Error(
    "There is no port to listen on here: leave out io.listen(), io.attach() and io.attachApp(); clients reach this server at /socket.io/ of the deployment.",
  );
}`;

/** What stands for each, as a module. */
const MODULES = {
  // The platform has them, by compatibility dates from 2026-08-04 on.
  events: `export * from "node:events"; export { default } from "node:events";`,
  crypto: `export { randomBytes } from "node:crypto";`,
  // Its adapter asks whether there is a sender whose frames can be made before; there is none.
  ws: "",
  debug: `export const debug = () => Object.assign(() => {}, { enabled: false }); export default debug;`,
  // What connections are made by is ours.
  "engine.io": `export class Server {} ${REFUSE} export { refuse as attach, refuse as uServer };`,
  accepts: "",
  cors: "",
  fs: "",
  http: `${REFUSE} export { refuse as createServer };`,
  path: "",
  stream: "",
  zlib: "",
};

const NAMES = Object.keys(MODULES).map((name) => name.replace(".", "\\."));

/** An esbuild plugin that bundles socket.io for workerd. */
export const socketioOnWorkerd = {
  name: "socket.io on workerd",
  setup({ onResolve, onLoad, resolve }) {
    // One parser, though some of them `require` it: as a module, which we import too.
    onResolve({ filter: /^socket\.io-parser$/ }, ({ path, kind, resolveDir }) =>
      kind === "require-call" ? resolve(path, { kind: "import-statement", resolveDir }) : undefined,
    );
    onResolve({ filter: new RegExp(`^(${NAMES.join("|")})$`) }, ({ path, importer }) =>
      SOCKETIO.test(importer) ? { path, namespace: "not-here", sideEffects: false } : undefined,
    );
    onLoad({ filter: /.*/, namespace: "not-here" }, ({ path }) => ({
      contents: MODULES[path],
      loader: "js",
    }));
  },
};
