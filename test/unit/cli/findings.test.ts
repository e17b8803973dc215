import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { experimental_readRawConfig } from "wrangler";
import type { Config } from "../../../src/cli/config.ts";
import { findingsOf, TESTED_DATE } from "../../../src/cli/findings.ts";
import { written } from "../../../src/cli/lines.ts";
import { newestDateOf, runtimeOf } from "../../../src/cli/runtime.ts";
import { ROOT } from "../../support/machine/paths.ts";

const CLASSES = new Set([
  "default",
  "RoomObject",
  "MetricsObject",
  "DocumentObject",
  "SocketioObject",
]);

/** A configuration that lacks nothing. */
const WHOLE = {
  main: "src/worker.ts",
  compatibility_date: TESTED_DATE,
  compatibility_flags: ["enable_request_signal"],
  durable_objects: {
    bindings: [
      { name: "ROOM", class_name: "RoomObject" },
      { name: "METRICS", class_name: "MetricsObject" },
      { name: "DOCUMENT", class_name: "DocumentObject" },
      { name: "SOCKETIO", class_name: "SocketioObject" },
    ],
  },
  migrations: [
    { tag: "v1", new_sqlite_classes: ["RoomObject", "MetricsObject"] },
    { tag: "v2", new_sqlite_classes: ["DocumentObject", "SocketioObject"] },
  ],
  ratelimits: [{ name: "ADDRESS_RATE" }, { name: "USER_RATE" }, { name: "GUEST_RATE" }],
} satisfies Config;

function toml(config: Config, exported: ReadonlySet<string> | undefined = CLASSES) {
  return findingsOf({ config, exported }).map(({ level, says, lines }) => ({
    level,
    says,
    paste: lines === undefined ? "" : written(lines, "toml"),
  }));
}

describe("what a project lacks (npx hibiki doctor)", () => {
  it("is nothing where all is there", () => {
    expect(toml(WHOLE)).toEqual([]);
  });

  it.each<[string, Config, string, string]>([
    ["a Worker", { ...WHOLE, main: undefined } as object, "missing", 'main = "src/worker.ts"'],
    [
      "a compatibility date",
      { ...WHOLE, compatibility_date: undefined } as object,
      "missing",
      `compatibility_date = "${TESTED_DATE}"`,
    ],
    [
      "a newer compatibility date",
      { ...WHOLE, compatibility_date: "2024-01-01" },
      "optional",
      `compatibility_date = "${TESTED_DATE}"`,
    ],
    [
      "a flag beside those that are there",
      { ...WHOLE, compatibility_flags: ["nodejs_compat"] },
      "missing",
      'compatibility_flags = ["nodejs_compat", "enable_request_signal"]',
    ],
    [
      "the binding of rooms",
      { ...WHOLE, durable_objects: { bindings: WHOLE.durable_objects.bindings.slice(1) } },
      "missing",
      '[[durable_objects.bindings]]\nname = "ROOM"\nclass_name = "RoomObject"',
    ],
    [
      "the binding of metrics",
      { ...WHOLE, durable_objects: { bindings: WHOLE.durable_objects.bindings.toSpliced(1, 1) } },
      "optional",
      '[[durable_objects.bindings]]\nname = "METRICS"\nclass_name = "MetricsObject"',
    ],
    [
      "the binding of documents",
      { ...WHOLE, durable_objects: { bindings: WHOLE.durable_objects.bindings.toSpliced(2, 1) } },
      "optional",
      '[[durable_objects.bindings]]\nname = "DOCUMENT"\nclass_name = "DocumentObject"',
    ],
    [
      "the binding of clients of Socket.IO",
      { ...WHOLE, durable_objects: { bindings: WHOLE.durable_objects.bindings.toSpliced(3, 1) } },
      "optional",
      '[[durable_objects.bindings]]\nname = "SOCKETIO"\nclass_name = "SocketioObject"',
    ],
    [
      "a migration, after those that are there",
      {
        ...WHOLE,
        migrations: [
          { tag: "v2", new_sqlite_classes: ["MetricsObject", "DocumentObject", "SocketioObject"] },
        ],
      },
      "missing",
      '[[migrations]]\ntag = "v3"\nnew_sqlite_classes = ["RoomObject"]',
    ],
    [
      "the first migration, of all classes in one",
      { ...WHOLE, migrations: [] },
      "missing",
      '[[migrations]]\ntag = "v1"\nnew_sqlite_classes = ["RoomObject", "MetricsObject", "DocumentObject", "SocketioObject"]',
    ],
    [
      "a rate limit",
      { ...WHOLE, ratelimits: WHOLE.ratelimits.slice(1) },
      "optional",
      '[[ratelimits]]\nname = "ADDRESS_RATE"\nnamespace_id = "1001"\nsimple = { limit = 6000, period = 60 }',
    ],
    [
      "discretion about URLs",
      { ...WHOLE, observability: { enabled: true } },
      "missing",
      "[observability.logs]\nenabled = true\ninvocation_logs = false",
    ],
    [
      "discretion about URLs in an environment that has its own say",
      {
        ...WHOLE,
        observability: { logs: { enabled: true, invocation_logs: false } },
        env: {
          staging: {
            durable_objects: WHOLE.durable_objects,
            ratelimits: WHOLE.ratelimits,
            observability: { enabled: true },
          },
        },
      },
      "missing",
      "[env.staging.observability.logs]\nenabled = true\ninvocation_logs = false",
    ],
  ])("is named by the very lines that mend it: %s", (_, config, level, paste) => {
    expect(toml(config)).toMatchObject([{ level, paste }]);
  });

  it("is a class that the Worker does not export, under the name that is bound", () => {
    const config = {
      ...WHOLE,
      durable_objects: {
        bindings: [
          { name: "ROOM", class_name: "Rooms" },
          { name: "METRICS", class_name: "MetricsObject" },
          { name: "DOCUMENT", class_name: "DocumentObject" },
          { name: "SOCKETIO", class_name: "SocketioObject" },
        ],
      },
      migrations: [
        {
          tag: "v1",
          new_sqlite_classes: ["Rooms", "MetricsObject", "DocumentObject", "SocketioObject"],
        },
      ],
    };
    expect(toml(config)).toMatchObject([
      {
        level: "missing",
        says: expect.stringContaining("export class Rooms extends realtime.objects.RoomObject {}"),
      },
    ]);
    // What cannot be told is not complained of.
    expect(findingsOf({ config, exported: undefined })).toEqual([]);
  });

  it("is a default export, without which nothing answers requests", () => {
    expect(toml(WHOLE, new Set([...CLASSES].filter((name) => name !== "default")))).toMatchObject([
      { level: "missing", says: expect.stringContaining("export default realtime;"), paste: "" },
    ]);
  });

  it("is a Wrangler that knows the compatibility date", () => {
    const runtime = (newestDate: string) => ({ wrangler: "4.86.0", newestDate, tested: "4.124.0" });
    const found = (newestDate: string) =>
      findingsOf({ config: WHOLE, exported: CLASSES, runtime: runtime(newestDate) });
    expect(found(TESTED_DATE)).toEqual([]);
    expect(found(newestDateOf("1.20260426.1"))).toMatchObject([
      { level: "missing", says: expect.stringContaining("up to 2026-05-03, and not") },
    ]);
    expect(found("2026-05-03")[0]?.says).toContain("npm install --save-dev wrangler@4.124.0");
  });

  it("is nothing of a class that another Worker has, or that an earlier name was changed to", () => {
    const bindings = [
      { name: "ROOM", class_name: "Rooms", script_name: "elsewhere" },
      { name: "METRICS", class_name: "MetricsObject" },
      { name: "DOCUMENT", class_name: "DocumentObject" },
      { name: "SOCKETIO", class_name: "SocketioObject" },
    ];
    expect(toml({ ...WHOLE, durable_objects: { bindings } })).toEqual([]);
    const migrations = [
      {
        tag: "v1",
        new_sqlite_classes: ["Old", "MetricsObject", "DocumentObject", "SocketioObject"],
      },
      { tag: "v2", renamed_classes: [{ from: "Old", to: "RoomObject" }] },
    ];
    expect(toml({ ...WHOLE, migrations })).toEqual([]);
  });

  it("is SQLite, of a class that was made without", () => {
    const migrations = [
      {
        tag: "v1",
        new_classes: ["RoomObject"],
        new_sqlite_classes: ["MetricsObject", "DocumentObject", "SocketioObject"],
      },
    ];
    expect(toml({ ...WHOLE, migrations })).toMatchObject([
      { level: "missing", says: expect.stringContaining("without SQLite"), paste: "" },
    ]);
  });

  it("is what an environment does not inherit", () => {
    const { ratelimits } = WHOLE;
    const bindings = WHOLE.durable_objects.bindings.slice(1);
    const env = { production: { ratelimits, durable_objects: { bindings } } };
    expect(toml({ ...WHOLE, env })).toMatchObject([
      {
        level: "missing",
        paste:
          '[[env.production.durable_objects.bindings]]\nname = "ROOM"\nclass_name = "RoomObject"',
      },
    ]);
  });
});

it("writes the same lines for a project whose configuration is JSON", () => {
  const [finding] = findingsOf({ config: { ...WHOLE, durable_objects: {} }, exported: CLASSES });
  if (finding?.lines === undefined) throw new Error("Nothing was found.");
  const text = `{${written(finding.lines, "json")}}`;
  expect(JSON.parse(text)).toEqual({
    durable_objects: { bindings: [{ name: "ROOM", class_name: "RoomObject" }] },
  });
});

describe.each([
  ["this repository", "."],
  ["a new project", "src/cli/template"],
])("%s", (_, folder) => {
  let config: Config;
  beforeAll(() => {
    const { rawConfig } = experimental_readRawConfig({
      config: join(ROOT, folder, "wrangler.toml"),
    });
    config = rawConfig as Config;
  });

  it("lacks nothing", () => {
    expect(findingsOf({ config, exported: undefined })).toEqual([]);
  });

  it("has the compatibility date that is tested, and that the Wrangler here knows", () => {
    expect(config.compatibility_date).toBe(TESTED_DATE);
    expect((runtimeOf(ROOT)?.newestDate ?? "") >= TESTED_DATE).toBe(true);
  });
});

it("is found by the names that the Worker's code has for it", () => {
  const environment = readFileSync(join(ROOT, "src/edge/env.ts"), "utf8");
  for (const name of [
    "ROOM",
    "METRICS",
    "DOCUMENT",
    "SOCKETIO",
    "ADDRESS_RATE",
    "USER_RATE",
    "GUEST_RATE",
  ]) {
    expect(environment).toContain(`readonly ${name}`);
  }
});
