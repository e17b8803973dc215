/**
 * The floors of src, from the top down, and what each may import: arrows point down alone. This is
 * the one table of it, `npm run check` holds every file to it (./faults.ts), and a folder that is
 * not in it fails the check.
 *
 * A new folder of src gets a row. A row is widened when the thing itself belongs there; otherwise
 * what is wanted moves to a floor that both may import. Nothing is excepted file by file.
 */
export interface Floor {
  /** Its folder or file under src; the longest one that fits a file is the file's floor. */
  readonly at: string;
  /** Folders and files under src that it may import, beside itself. */
  readonly may: readonly string[];
  /** Packages that it may import; one that ends in "/" or ":" stands for all that begins so. */
  readonly packages: readonly string[];
  /** Which parts of the world outside it may name (`WORLDS`). */
  readonly names: readonly World[];
  /** What it is for, and so why it sees no more. Said to whoever breaks it. */
  readonly why: string;
}

export type World = "clock" | "chance" | "network" | "requests" | "log" | "worker" | "page";

/**
 * The names by which code reaches for the world. What is pure has `now`, ids and the network handed
 * to it, so that a test and a room replayed from its log see the same.
 */
export const WORLDS: Readonly<Record<World, { names: RegExp; is: string }>> = {
  clock: {
    names:
      /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bset(?:Timeout|Interval|Immediate)\b|\bAbortSignal\.timeout\b/g,
    is: "the clock",
  },
  chance: { names: /\bMath\.random\b|\bcrypto\b/g, is: "chance" },
  network: {
    names: /\b(?:fetch|Response|RequestInit|Headers|WebSocket|EventSource)\b/g,
    is: "the network",
  },
  requests: { names: /\bRequest\b/g, is: "a request of the platform" },
  log: { names: /\bconsole\b/g, is: "the platform's log" },
  worker: {
    names:
      /\b(?:DurableObject\w*|SqlStorage\w*|ExecutionContext|WebSocketPair|WebSocketRequestResponsePair|Fetcher|KVNamespace)\b/g,
    is: "a type of the Workers platform",
  },
  page: {
    names:
      /\b(?:(?:document|window|navigator)\.|(?:localStorage|sessionStorage|HTML\w*Element)\b)/g,
    is: "a browser's page",
  },
};

const PLATFORM: readonly World[] = ["clock", "chance", "network", "requests", "log", "worker"];
const BROWSER: readonly World[] = ["clock", "chance", "network", "requests", "log", "page"];

export const FLOORS: readonly Floor[] = [
  {
    at: "index.ts",
    may: ["server", "edge", "objects", "kinds", "contract", "protocol"],
    packages: [],
    names: PLATFORM,
    why: "it is the default deployment, which only puts together",
  },
  {
    at: "server",
    may: ["edge", "objects", "kinds", "contract", "auth", "metrics", "protocol"],
    packages: ["hono", "hono/", "zod", "cloudflare:workers"],
    names: PLATFORM,
    why: "it makes a deployment of a team's kinds and hooks out of the edge and the objects",
  },
  {
    at: "cli/template",
    may: [],
    packages: ["hibiki", "hibiki/", "hono", "zod", "node:"],
    names: ["clock", "network", "page"],
    why: "it is what `npx hibiki init` writes: a project that knows the package alone",
  },
  {
    at: "cli",
    may: [],
    packages: ["node:"],
    names: ["log"],
    why: "it is the command npx hibiki, which writes and looks at files of a project on plain Node",
  },
  {
    at: "testing",
    may: [
      "client",
      "objects",
      "kinds",
      "room",
      "storage",
      "contract",
      "auth",
      "metrics",
      "protocol",
    ],
    packages: ["node:sqlite", "node:v8"],
    names: ["clock"],
    why: "it is a whole deployment under plain Node, without a platform and without HTTP",
  },
  {
    at: "edge",
    may: [
      "objects/room-api.ts",
      "objects/document-api.ts",
      "objects/durable-database.ts",
      "objects/host/alarm-clock.ts",
      "document/wire.ts",
      "socketio",
      "kinds",
      "room/quota",
      "contract",
      "auth",
      "metrics",
      "protocol",
    ],
    packages: ["hono", "hono/", "zod", "cloudflare:workers"],
    names: PLATFORM,
    why: "it is stateless, and asks a room over RPC alone: of the objects it sees what they answer",
  },
  {
    at: "objects",
    may: ["kinds", "room", "document", "storage", "contract", "auth", "metrics", "protocol"],
    packages: ["zod", "cloudflare:workers"],
    names: PLATFORM,
    why: "it gives the pure room its sockets, its storage and its clock, and knows no HTTP routes",
  },
  {
    at: "kinds",
    may: ["room", "game", "storage", "contract", "metrics", "protocol"],
    packages: ["zod"],
    names: [],
    why: "a kind is a value made as a team makes its own: decisions and tables, and no platform",
  },
  {
    at: "storage",
    may: ["room", "document/document-store.ts", "document/version-store.ts", "metrics", "protocol"],
    packages: [],
    names: [],
    why: "it keeps what the ports of the room ask for, in any SQLite",
  },
  {
    at: "room",
    may: ["contract", "metrics", "protocol"],
    packages: [],
    names: [],
    why: "the engine is pure: it knows no kind by name, no platform, and `now` is an argument",
  },
  {
    at: "document",
    may: ["room/quota", "room/flush/flush-pace.ts", "protocol"],
    packages: ["yjs", "lib0/"],
    names: [],
    why: "it decides on the bytes of a document alone: no platform, and `now` is an argument",
  },
  {
    at: "socketio",
    may: ["room/quota", "storage/database.ts", "protocol"],
    packages: ["zod"],
    names: [],
    why: "it translates between what clients of Socket.IO say and what rooms do: no platform, no clock",
  },
  {
    at: "hub/index.ts",
    may: ["hub", "edge/socketio/socketio-server.ts"],
    packages: ["socket.io"],
    names: [],
    why: "it puts a team's server of Socket.IO into objects; `hibiki/server` knows it by its type alone",
  },
  {
    at: "hub/next-tick.ts",
    may: [],
    packages: [],
    names: ["log"],
    why: "it stands for a global of Node, which knows of no hub",
  },
  {
    at: "hub",
    may: ["socketio", "storage"],
    packages: ["socket.io", "socket.io-adapter", "socket.io-parser", "zod", "node:"],
    names: [],
    why: "it is a team's server of Socket.IO over a connection and a database: no platform, and no room",
  },
  {
    at: "game",
    may: ["contract", "protocol"],
    packages: [],
    names: [],
    why: "it says how a game goes on: no platform, and `now` is an argument",
  },
  {
    at: "auth",
    may: ["protocol"],
    packages: ["jose"],
    names: ["clock", "chance", "network"],
    why: "it turns a token into an identity and grants, and fetches a deployment's key set for it",
  },
  {
    at: "metrics",
    may: ["protocol"],
    packages: ["zod"],
    names: ["log"],
    why: "it counts what it is told, and writes the log's lines",
  },
  {
    at: "web",
    // The arena's rules, by which its page moves one's own player before the server has said so.
    may: ["client", "kinds/game/arena.ts", "contract", "protocol"],
    packages: [
      "hono/jsx/dom",
      "uplot",
      "@codemirror/",
      "@lezer/highlight",
      "style-mod",
      "y-codemirror.next",
      "y-indexeddb",
      "y-protocols/awareness",
      "yjs",
    ],
    names: BROWSER,
    why: "our pages are an application like any other: they reach rooms by the SDK alone",
  },
  {
    at: "react",
    may: ["client", "contract", "protocol"],
    packages: ["react"],
    names: ["clock"],
    why: "it is the SDK as hooks, and keeps a room for a moment after its last component",
  },
  {
    at: "client",
    may: ["contract", "protocol"],
    packages: ["yjs", "y-protocols/", "lib0/"],
    names: BROWSER,
    why: "it is weighed by the byte, and runs wherever there is a WebSocket",
  },
  {
    at: "contract",
    may: ["protocol"],
    packages: [],
    names: ["requests"],
    why: "both sides share a contract: types, schemas and rules (`authorize` is told of the request)",
  },
  {
    at: "protocol",
    may: [],
    packages: ["zod", "@msgpack/msgpack"],
    names: [],
    why: "everything stands on it",
  },
];
