import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Servers by the names that the command knows them by. */
export const SERVERS = ["workerd", "wrangler", "node"] as const;

/** Who is judged: our Worker on bare workerd or under `wrangler dev`, or what the suites were written for. */
export type ServerName = (typeof SERVERS)[number];

/** One of Socket.IO's own suites of tests: where it stands in their repository, and how it is run. */
export interface Suite {
  /** Its folder in their repository. */
  readonly folder: string;
  /** What mocha is given: its options, and the file to begin with. */
  readonly mocha: readonly string[];
  /** A file of the suite → the address of its server, as that file has it. */
  readonly addresses: Readonly<Record<string, string>>;
  /**
   * Tests, by what their titles hold, that fail by themselves now and then and let all after them fail:
   * they are run apart from the others, and once more where one fails.
   */
  readonly flaky?: string;
  /**
   * Makes a folder that holds the suite's files ready for `npm ci` or `npm install`.
   * Returns the command's name, and what is to be done when it is through.
   */
  readonly prepare: (folder: string) => { readonly install: "ci" | "install"; done(): void };
}

/** The release of Socket.IO whose client is the one that runs the suite, and whose server is the reference. */
export const SOCKETIO_VERSION = "4.8.4";

/** The suite's own lock file says what it needs. */
const locked: Suite["prepare"] = () => ({ install: "ci", done: () => {} });

/** The suites by the names that the command knows them by. */
export const SUITES = {
  engine: {
    folder: "docs/engine.io-protocol/v4-test-suite",
    mocha: ["test-suite.js"],
    addresses: { "test-suite.js": "http://localhost:3000" },
    prepare: locked,
  },
  socketio: {
    folder: "docs/socket.io-protocol/v5-test-suite",
    mocha: ["test-suite.js"],
    addresses: { "test-suite.js": "http://localhost:3000" },
    prepare: locked,
  },
  client: {
    folder: "packages/socket.io-client/test",
    mocha: ["--import=tsx", "test/index.ts"],
    addresses: Object.fromEntries(
      [
        "support/util.ts",
        "fixtures/unref.ts",
        "fixtures/unref-polling-only.ts",
        "fixtures/unref-websocket-only.ts",
      ].map((file) => [`test/${file}`, "http://localhost:3210"]),
    ),
    // They race a clock of their own against the connection, and leave it installed when they lose.
    flaky: "connection reconnect timeout",
    prepare: (folder) => {
      writeFileSync(join(folder, "package.json"), JSON.stringify(CLIENT_PACKAGE));
      return {
        install: "install",
        // The suite asks for the package that it stands in.
        done: () =>
          symlinkSync(
            join(folder, "node_modules", "socket.io-client", "build"),
            join(folder, "build"),
          ),
      };
    },
  },
} as const satisfies Record<string, Suite>;

/** The name of a suite. */
export type SuiteName = keyof typeof SUITES;

/** What the client's suite needs: in their repository that stands at its root, with all else. */
const CLIENT_PACKAGE = {
  name: "socket.io-client-suite",
  private: true,
  type: "commonjs",
  main: "./build/cjs/index.js",
  devDependencies: {
    "@sinonjs/fake-timers": "11.3.1",
    "base64-arraybuffer": "1.0.2",
    "expect.js": "0.3.1",
    "has-cors": "1.1.0",
    mocha: "10.8.2",
    "socket.io": SOCKETIO_VERSION,
    "socket.io-client": SOCKETIO_VERSION,
    "text-blob-builder": "0.0.1",
    tsx: "4.20.6",
  },
};

/** Tells a suite where its server is. Throws where a file is another than the one we know. */
export function address(suite: Suite, folder: string, url: string): void {
  for (const [file, theirs] of Object.entries(suite.addresses)) {
    const path = join(folder, file);
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (!text.includes(theirs)) throw new Error(`${file} of the suite does not say ${theirs}.`);
    writeFileSync(path, text.replaceAll(theirs, url));
  }
}
