import type { Config, Migration, ObjectBinding } from "./config.ts";
import type { Lines } from "./lines.ts";
import type { Runtime } from "./runtime.ts";

/** Something that a project lacks. */
export interface Finding {
  /** `missing`: Hibiki does not work, or not safely, without it. `optional`: it does with less. */
  readonly level: "missing" | "optional";
  readonly says: string;
  /** What to paste, where that mends it. */
  readonly lines?: Lines;
}

/** What is looked at. */
export interface Project {
  readonly config: Config;
  /** What the Worker's main file exports; `undefined` where nobody can tell. */
  readonly exported: ReadonlySet<string> | undefined;
  /** What would run it; `undefined` where nobody can tell. */
  readonly runtime?: Runtime | undefined;
}

/** The date that this version is tested with: that of its own wrangler.toml. */
export const TESTED_DATE = "2026-08-15";
const FLAG = "enable_request_signal";

/** The object classes of Hibiki, by the names under which its code finds them. */
const OBJECTS = [
  {
    binding: "ROOM",
    className: "RoomObject",
    level: "missing",
    without: "no room can be reached: every /v1 request is answered with 503",
  },
  {
    binding: "METRICS",
    className: "MetricsObject",
    level: "optional",
    without: "rooms report to nobody, and GET /v1/metrics is 404",
  },
  {
    binding: "DOCUMENT",
    className: "DocumentObject",
    level: "optional",
    without: "there are no Yjs documents, and /v1/documents says so",
  },
  {
    binding: "SOCKETIO",
    className: "SocketioObject",
    level: "optional",
    without: "clients of Socket.IO must begin with a WebSocket: polling is answered with 503",
  },
] as const;

/** What may be counted for all of Cloudflare's servers of a place, in 60 s. */
const RATES = [
  { name: "ADDRESS_RATE", limit: 6000, what: "requests from one address" },
  { name: "USER_RATE", limit: 1200, what: "requests of one user" },
  { name: "GUEST_RATE", limit: 60, what: "guests from one address" },
] as const;

/** All that a project lacks; of its environments, what they have to say again. */
export function findingsOf(project: Project): readonly Finding[] {
  const { config } = project;
  return [
    ...entryFindings(config),
    ...runtimeFindings(project),
    ...exportFindings(project),
    ...OBJECTS.flatMap((object) => objectFindings(object, project)),
    ...migrationFindings(config),
    ...optionalFindings(config, []),
    ...Object.entries(config.env ?? {}).flatMap(([name, environment]) => [
      ...OBJECTS.flatMap((object) => bindingFindings(object, environment, ["env", name])),
      ...optionalFindings(environment, ["env", name]),
    ]),
  ];
}

function entryFindings({
  main,
  compatibility_date: date,
  compatibility_flags: flags = [],
}: Config): readonly Finding[] {
  const findings: Finding[] = [];
  const top = (level: Finding["level"], says: string, fields: Lines["fields"]) =>
    findings.push({ level, says, lines: { at: [], isEntry: false, fields } });
  if (main === undefined) {
    top("missing", "There is no Worker: main names its file.", { main: "src/worker.ts" });
  }
  if (date === undefined) {
    top("missing", "There is no compatibility date: the platform would be that of 2021.", {
      compatibility_date: TESTED_DATE,
    });
  } else if (date < TESTED_DATE) {
    top("optional", `Hibiki is tested with a compatibility date from ${TESTED_DATE} on.`, {
      compatibility_date: TESTED_DATE,
    });
  }
  if (!flags.includes(FLAG)) {
    top("missing", "Without this flag nobody hears that the reader of an event stream has left.", {
      compatibility_flags: [...flags, FLAG],
    });
  }
  return findings;
}

function runtimeFindings({ config, runtime }: Project): readonly Finding[] {
  const { compatibility_date: date } = config;
  if (runtime === undefined || date === undefined || date <= runtime.newestDate) return [];
  const { wrangler, newestDate, tested } = runtime;
  // npm takes an old Wrangler where Node is too old for a newer one, and says nothing.
  const says = `Wrangler ${wrangler} knows compatibility dates up to ${newestDate}, and not ${date}: \`wrangler dev\` does not start. With Node 22 or later:\nnpm install --save-dev wrangler@${tested}`;
  return [{ level: "missing", says }];
}

function exportFindings({ config: { main }, exported }: Project): readonly Finding[] {
  if (main === undefined || exported?.has("default") !== false) return [];
  const says = `${main} has no default export, so nothing answers requests. Put \`export default app;\` of your Hono app in it, or, where Hibiki is all of the Worker:\nexport default realtime;`;
  return [{ level: "missing", says }];
}

type ObjectNeed = (typeof OBJECTS)[number];

function bindingOf({ binding }: ObjectNeed, config: Config): ObjectBinding | undefined {
  return config.durable_objects?.bindings?.find(({ name }) => name === binding);
}

function bindingFindings(
  need: ObjectNeed,
  config: Config,
  within: readonly string[],
): readonly Finding[] {
  if (bindingOf(need, config) !== undefined) return [];
  const { binding, className, level, without } = need;
  const where = within.length === 0 ? "" : ` in ${within.join(".")}, which inherits no bindings`;
  return [
    {
      level,
      says: `No Durable Object is bound as ${binding}${where}: without it ${without}.`,
      lines: {
        at: [...within, "durable_objects", "bindings"],
        isEntry: true,
        fields: { name: binding, class_name: className },
      },
    },
  ];
}

/** The class behind a binding, where it is to be this Worker's own. */
function classOf(need: ObjectNeed, config: Config): string | undefined {
  const binding = bindingOf(need, config);
  // Without a binding it is enough to say so, unless nothing goes without it.
  if (binding === undefined) return need.level === "missing" ? need.className : undefined;
  return binding.script_name === undefined ? binding.class_name : undefined;
}

function objectFindings(need: ObjectNeed, { config, exported }: Project): readonly Finding[] {
  const unbound = bindingFindings(need, config, []);
  const { main } = config;
  const name = classOf(need, config);
  if (name === undefined || main === undefined || exported?.has(name) !== false) return unbound;
  const says = `${main} does not export the class ${name}. With \`const realtime = hibiki({ … })\` in it, put:\nexport class ${name} extends realtime.objects.${need.className} {}`;
  return [...unbound, { level: "missing", says }];
}

function migrationFindings(config: Config): readonly Finding[] {
  const { migrations = [] } = config;
  const made = new Set(migrations.flatMap(({ new_classes: names = [] }) => names));
  const madeWithSqlite = new Set(migrations.flatMap(classesMadeBy));
  const needed = OBJECTS.flatMap((need) => classOf(need, config) ?? []);
  const findings: Finding[] = needed
    .filter((name) => made.has(name))
    .map((name) => ({
      level: "missing",
      says: `${name} was made as a class without SQLite (new_classes), which cannot be changed: export Hibiki's under another name, bind that one, and name it in new_sqlite_classes.`,
    }));
  const unmade = needed.filter((name) => !made.has(name) && !madeWithSqlite.has(name));
  if (unmade.length === 0) return findings;
  const fields = { tag: nextTag(migrations), new_sqlite_classes: unmade };
  return [
    ...findings,
    {
      level: "missing",
      says: `No migration makes ${unmade.join(" and ")}: the Worker cannot be deployed.`,
      lines: { at: ["migrations"], isEntry: true, fields },
    },
  ];
}

function classesMadeBy({
  new_sqlite_classes: made = [],
  renamed_classes: renamed = [],
  transferred_classes: moved = [],
}: Migration): readonly string[] {
  return [...made, ...renamed.map(({ to }) => to), ...moved.map(({ to }) => to)];
}

function nextTag(migrations: readonly Migration[]): string {
  const tags = new Set(migrations.map(({ tag }) => tag));
  let number = migrations.length + 1;
  while (tags.has(`v${number}`)) number += 1;
  return `v${number}`;
}

/** What of a Worker, or of an environment that says it anew, is not as it could be. */
function optionalFindings(config: Config, within: readonly string[]): readonly Finding[] {
  const { enabled, logs } = config.observability ?? {};
  const isLogging = logs?.enabled ?? enabled ?? false;
  if (!isLogging || logs?.invocation_logs === false) return rateFindings(config, within);
  return [
    ...rateFindings(config, within),
    {
      level: "missing",
      says: "The platform's log records each request's URL, and that of an event stream may carry a token.",
      lines: {
        at: [...within, "observability", "logs"],
        isEntry: false,
        fields: { enabled: true, invocation_logs: false },
      },
    },
  ];
}

function rateFindings(config: Config, within: readonly string[]): readonly Finding[] {
  const bound = new Set(config.ratelimits?.map(({ name }) => name));
  return RATES.filter(({ name }) => !bound.has(name)).map(({ name, limit, what }, index) => ({
    level: "optional",
    says: `Without ${name}${within.length === 0 ? "" : ` in ${within.join(".")}`} each isolate counts ${what} by itself. A namespace_id is the account's: take one that is free.`,
    lines: {
      at: [...within, "ratelimits"],
      isEntry: true,
      fields: { name, namespace_id: String(1001 + index), simple: { limit, period: 60 } },
    },
  }));
}
