import { describe, expect, it } from "vitest";
import { faultsOf } from "../../../.scripts/structure/faults.ts";
import { FLOORS } from "../../../.scripts/structure/floors.ts";

/** What the check says of files, a line each as it is printed. */
function said(files: Readonly<Record<string, string>>): string[] {
  return faultsOf(new Map(Object.entries(files))).map(
    ({ file, line, says }) => `${file}:${line} ${says}`,
  );
}

const ROOM =
  "(the engine is pure: it knows no kind by name, no platform, and `now` is an argument)";

describe("what breaks the table of floors is found, and told with its reason", () => {
  const broken: (readonly [what: string, file: string, text: string, says: string])[] = [
    [
      "a value from a floor above",
      "src/room/x.ts",
      'import { app } from "../edge/app.ts";\n',
      `src/room/x.ts:1 imports src/edge/app.ts: room may import only contract, metrics, protocol ${ROOM}`,
    ],
    [
      "a type",
      "src/room/x.ts",
      '\nimport type {\n  Env,\n} from "../edge/env.ts";\n',
      `src/room/x.ts:4 imports src/edge/env.ts: room may import only contract, metrics, protocol ${ROOM}`,
    ],
    [
      "what is passed on",
      "src/room/x.ts",
      'export * from "../edge/env.ts";\n',
      `src/room/x.ts:1 imports src/edge/env.ts: room may import only contract, metrics, protocol ${ROOM}`,
    ],
    [
      "what is fetched when used",
      "src/room/x.ts",
      'export const app = () => import("../edge/app.ts");\n',
      `src/room/x.ts:1 imports src/edge/app.ts: room may import only contract, metrics, protocol ${ROOM}`,
    ],
    [
      "the type of what is fetched",
      "src/room/x.ts",
      'export type App = import("../edge/app.ts").App;\n',
      `src/room/x.ts:1 imports src/edge/app.ts: room may import only contract, metrics, protocol ${ROOM}`,
    ],
    [
      "what nobody can follow",
      "src/room/x.ts",
      "export const load = (name: string) => import(name);\n",
      `src/room/x.ts:1 imports what is worked out while running: name it, so that it can be followed ${ROOM}`,
    ],
    [
      "more of the objects than their API",
      "src/edge/x.ts",
      'import type { RoomObject } from "../objects/room-object.ts";\n',
      "src/edge/x.ts:1 imports src/objects/room-object.ts: edge may import only objects/room-api.ts, objects/document-api.ts, objects/durable-database.ts, objects/host/alarm-clock.ts, document/wire.ts, socketio, kinds, room/quota, contract, auth, metrics, protocol (it is stateless, and asks a room over RPC alone: of the objects it sees what they answer)",
    ],
    [
      "what is not the product",
      "src/protocol/x.ts",
      'import "../../test/support/pause.ts";\n',
      "src/protocol/x.ts:1 imports test/support/pause.ts: protocol may import none (everything stands on it)",
    ],
    [
      "a package",
      "src/room/x.ts",
      'import * as z from "zod";\n',
      `src/room/x.ts:1 imports zod: of packages, room may import none ${ROOM}`,
    ],
    [
      "a part of Node",
      "src/room/x.ts",
      'import { readFile } from "node:fs/promises";\n',
      `src/room/x.ts:1 imports node:fs/promises: of packages, room may import none ${ROOM}`,
    ],
    [
      "a folder without a row",
      "src/utils/x.ts",
      "export const x = 1;\n",
      "src/utils/x.ts:1 stands on no floor: give its folder a row in the table of floors",
    ],
    ...(
      [
        ["the clock", "Date.now()", "Date.now", "the clock"],
        ["the clock as a date", "new Date()", "new Date()", "the clock"],
        ["a timer", "setTimeout(f, 5)", "setTimeout", "the clock"],
        ["chance", "Math.random()", "Math.random", "chance"],
        ["a new id", "crypto.randomUUID()", "crypto", "chance"],
        ["the network", "await fetch(url)", "fetch", "the network"],
        ["a socket", "0 as WebSocket", "WebSocket", "the network"],
        ["a request", "0 as Request", "Request", "a request of the platform"],
        ["the log", "console.log(1)", "console", "the platform's log"],
        [
          "an object's storage",
          "0 as DurableObjectStorage",
          "DurableObjectStorage",
          "a type of the Workers platform",
        ],
        ["a page", "document.body", "document.", "a browser's page"],
      ] as const
    ).map(([what, code, name, is]): readonly [string, string, string, string] => [
      what,
      "src/room/x.ts",
      `\nexport const x = ${code};\n`,
      `src/room/x.ts:2 names ${name}, and room knows nothing of ${is} ${ROOM}`,
    ]),
  ];
  it.each(broken)("%s", (_, file, text, says) => {
    expect(said({ [file]: text })).toEqual([says]);
  });
});

it.each([
  ["a floor below", "src/room/x.ts", 'import { iso } from "../protocol/iso.ts";'],
  ["its own floor", "src/room/kinds/x.ts", 'import { take } from "../quota.ts";'],
  ["the objects' API", "src/edge/x.ts", 'import type { RoomApi } from "../objects/room-api.ts";'],
  ["a package of its own", "src/edge/x.ts", 'import { cors } from "hono/cors";'],
  ["an import in a comment", "src/room/x.ts", '// import { app } from "../edge/app.ts";'],
  ["an import in a text", "src/room/x.ts", "const x = 'import \"../edge/app.ts\"';"],
  ["an import in a template", "src/room/x.ts", `const x = \`\${1}import "../edge/app.ts"\`;`],
  ["the clock in a comment", "src/room/x.ts", "/** Not Date.now(): `now` is an argument. */"],
  ["a date of a given time", "src/room/x.ts", "const x = new Date(now);"],
  ["a member of a platform's name", "src/room/x.ts", "const x = store.fetch({ crypto: 1 });"],
  ["anything in a test", "test/unit/x.ts", 'import { app } from "../../src/edge/app.ts";'],
])("%s is no fault", (_, file, text) => {
  expect(said({ [file]: `${text}\n` })).toEqual([]);
});

describe("circles are found, and told arrow by arrow", () => {
  it("between two files, of types too", () => {
    expect(
      said({
        "src/room/a.ts": '\nimport type { B } from "./b.ts";\n',
        "src/room/b.ts": 'import { a } from "./a.ts";\n',
        "src/room/c.ts": 'import { a } from "./a.ts";\n',
      }),
    ).toEqual([
      "src/room/a.ts:2 closes a circle in src/room, a.ts → b.ts → a.ts: move what both need to a file of its own (src/room/a.ts:2 imports src/room/b.ts; src/room/b.ts:1 imports src/room/a.ts)",
    ]);
  });

  it("between folders, though no file is in one", () => {
    expect(
      said({
        "src/web/chat/a.ts": 'import { b } from "../docs/b.ts";\n',
        "src/web/docs/c.ts": 'import { d } from "../chat/d.ts";\n',
      }),
    ).toEqual([
      "src/web/chat/a.ts:1 closes a circle in src/web, chat → docs → chat: move what both need to a file of its own (src/web/chat/a.ts:1 imports src/web/docs/b.ts; src/web/docs/c.ts:1 imports src/web/chat/d.ts)",
    ]);
  });

  it("each of several, the shortest of those that share a file", () => {
    const found = said({
      "test/a.ts": 'import "./b.ts";\n',
      "test/b.ts": 'import "./c.ts";\nimport "./a.ts";\n',
      "test/c.ts": 'import "./a.ts";\n',
      "test/d.ts": 'import "./e.ts";\n',
      "test/e.ts": 'import "./d.ts";\n',
    });
    expect(found.map((one) => one.match(/test, (.*?):/)?.[1])).toEqual([
      "a.ts → b.ts → a.ts",
      "d.ts → e.ts → d.ts",
    ]);
  });
});

it("a file of more than 300 lines is found, and one of 300 is not", () => {
  const lines = (count: number) => "export {};\n".repeat(count);
  expect(said({ "src/room/a.ts": lines(300), "test/b.ts": lines(301) })).toEqual([
    "test/b.ts:301 has 301 lines, and no file has more than 300: cut it where it speaks of something else",
  ]);
});

it("the table itself has no circle: floors lead down", () => {
  const heads = (place: string) => place.split("/")[0] ?? place;
  const files = FLOORS.flatMap(({ at, may }) => may.map((below) => [heads(at), heads(below)]));
  const texts = new Map<string, string>();
  for (const [from, to] of files) {
    const path = `test/${from}/x.ts`;
    texts.set(path, `${texts.get(path) ?? ""}import "../${to}/x.ts";\n`);
  }
  expect(said(Object.fromEntries(texts))).toEqual([]);
});
