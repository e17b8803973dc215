import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Child } from "./child.ts";
import { ROOT } from "./paths.ts";
import { untilListening } from "./port.ts";

/** What a bare workerd serves. */
export interface WorkerdOptions {
  /** Folder for the configuration and the objects' data. */
  readonly folder: string;
  readonly port: number;
  /** Modules by name, as paths; the first is the entry. */
  readonly modules: Readonly<Record<string, string>>;
  /** The object class whose data is at {@link UNIQUE_KEY}, and the binding it is under. */
  readonly className: string;
  readonly binding: string;
  /** Further object classes, by the binding they are under. */
  readonly moreClasses?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** Variables of its process, beside those of this one. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told everything that it prints. */
  readonly heard?: (text: string) => void;
}

/** Names the folder of the first object class's data. */
export const UNIQUE_KEY = "hibiki-bench";

/** The project's own workerd. */
const WORKERD = join(ROOT, "node_modules", "workerd", "bin", "workerd");

/** Starts `workerd serve`, nothing in front of it, and waits until it listens. */
export async function startWorkerd(options: WorkerdOptions): Promise<Child> {
  const file = join(options.folder, "config.capnp");
  mkdirSync(dataFolder(options.folder), { recursive: true });
  for (const [name, path] of Object.entries(options.modules)) {
    // Cap'n Proto embeds what lies beside the configuration.
    copyFileSync(path, join(options.folder, name));
  }
  writeFileSync(file, configOf(options));
  const { folder: cwd, env = {}, heard } = options;
  const child = Child.start(WORKERD, ["serve", file], {
    cwd,
    env,
    ...(heard === undefined ? {} : { heard }),
  });
  await untilListening(options.port, child);
  return child;
}

/** Where workerd keeps the objects' SQLite files. */
export function dataFolder(folder: string): string {
  return join(folder, "do-data");
}

function configOf({ folder, port, modules, vars = {}, ...options }: WorkerdOptions) {
  const moduleList = Object.keys(modules).map(
    (name) => `(name = ${quote(name)}, esModule = embed ${quote(name)})`,
  );
  const varList = Object.entries(vars).map(
    ([name, text]) => `(name = ${quote(name)}, text = ${quote(text)})`,
  );
  const { className, binding, moreClasses = {} } = options;
  const objects = [
    { className, binding, uniqueKey: UNIQUE_KEY },
    ...Object.entries(moreClasses).map(([name, other]) => ({
      className: other,
      binding: name,
      uniqueKey: `${UNIQUE_KEY}-${other}`,
    })),
  ];
  const namespaces = objects.map(
    (one) => `(className = "${one.className}", uniqueKey = "${one.uniqueKey}", enableSql = true)`,
  );
  const bindings = objects.map(
    (one) => `(name = "${one.binding}", durableObjectNamespace = "${one.className}")`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .w),
    (name = "disk", disk = (path = ${quote(dataFolder(folder))}, writable = true)) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ]);
const w :Workerd.Worker = (
  modules = [ ${moduleList.join(", ")} ],
  compatibilityDate = ${setting("date", '"')}, compatibilityFlags = ${setting("flags", "[")},
  durableObjectNamespaces = [
    ${namespaces.join(",\n    ")} ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    ${[...bindings, ...varList].join(", ")} ]);
`;
}

/** The same as deployed: how TOML writes text and lists, Cap'n Proto does. */
function setting(name: "date" | "flags", opening: string): string {
  const settings = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  const value = new RegExp(`^compatibility_${name} = (.+)$`, "m").exec(settings)?.[1];
  if (value?.startsWith(opening) !== true) {
    throw new Error(`wrangler.toml names no compatibility_${name}.`);
  }
  return value;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
