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
  /** The bundle that the objects run, as a path, where it is another than the Worker's. */
  readonly objectsBundle?: string | undefined;
  /** Where the Worker answers that the objects are of, with an `objectsBundle`: two Workers share them. */
  readonly objectsPort?: number | undefined;
  /** The object class whose data is at {@link UNIQUE_KEY}, and the binding it is under. */
  readonly className: string;
  readonly binding: string;
  /** Further object classes, by the binding they are under. */
  readonly moreClasses?: Readonly<Record<string, string>>;
  readonly vars?: Readonly<Record<string, string>>;
  /** Other servers of this machine that its Worker asks: their ports, by the binding they are under. */
  readonly services?: Readonly<Record<string, number>>;
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
  for (const [name, path] of Object.entries(filesOf(options))) {
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

const OBJECTS_FILE = "objects.js";

function filesOf({ modules, objectsBundle }: WorkerdOptions): Readonly<Record<string, string>> {
  return objectsBundle === undefined ? modules : { ...modules, [OBJECTS_FILE]: objectsBundle };
}

/**
 * One Worker, or two where the objects run code of their own: as during a gradual deployment. They may
 * ask other servers of this machine, which workerd by itself does not let them.
 */
function configOf(options: WorkerdOptions): string {
  const { folder, port, modules, objectsBundle, services = {}, objectsPort } = options;
  const socketOf = (name: string, at: number, service: string) =>
    `(name = "${name}", address = "127.0.0.1:${at}", http = (), service = "${service}")`;
  const sockets = [socketOf("http", port, "main")];
  if (objectsPort !== undefined) sockets.push(socketOf("second", objectsPort, "objects"));
  const isSplit = objectsBundle !== undefined;
  const objects = isSplit ? "objects" : "main";
  const others = Object.entries(services).map(
    ([name, at]) => `
    (name = ${quote(serviceOf(name))}, external = (address = "127.0.0.1:${at}", http = ())),`,
  );
  const workers = [
    workerOf("main", Object.keys(modules), options, objects),
    ...(isSplit ? [workerOf("objects", [OBJECTS_FILE], options, objects)] : []),
  ];
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "internet", network = (allow = ["public", "private"], tlsOptions = (trustBrowserCas = true))),
    (name = "main", worker = .main),${isSplit ? '\n    (name = "objects", worker = .objects),' : ""}${others.join("")}
    (name = "disk", disk = (path = ${quote(dataFolder(folder))}, writable = true)) ],
  sockets = [ ${sockets.join(", ")} ]);
${workers.join("")}`;
}

/** What a server is called that is bound under this name. */
function serviceOf(binding: string): string {
  return `service-${binding}`;
}

/** @param home the Worker whose objects they are. */
function workerOf(
  name: string,
  modules: readonly string[],
  { className, binding, moreClasses = {}, services = {}, vars = {} }: WorkerdOptions,
  home: string,
): string {
  const objects = [
    { className, binding, uniqueKey: UNIQUE_KEY },
    ...Object.entries(moreClasses).map(([bound, other]) => ({
      className: other,
      binding: bound,
      uniqueKey: `${UNIQUE_KEY}-${other}`,
    })),
  ];
  const namespaces = objects.map(
    (one) => `(className = "${one.className}", uniqueKey = "${one.uniqueKey}", enableSql = true)`,
  );
  const service = name === home ? "" : `, serviceName = ${quote(home)}`;
  const bindings = [
    ...objects.map(
      (one) =>
        `(name = "${one.binding}", durableObjectNamespace = (className = "${one.className}"${service}))`,
    ),
    ...Object.keys(services).map(
      (bound) => `(name = ${quote(bound)}, service = ${quote(serviceOf(bound))})`,
    ),
    ...Object.entries(vars).map(([key, text]) => `(name = ${quote(key)}, text = ${quote(text)})`),
  ];
  const files = modules.map((file) => `(name = ${quote(file)}, esModule = embed ${quote(file)})`);
  const storage =
    name === home
      ? `
  durableObjectNamespaces = [
    ${namespaces.join(",\n    ")} ],
  durableObjectStorage = (localDisk = "disk"),`
      : "";
  return `const ${name} :Workerd.Worker = (
  modules = [ ${files.join(", ")} ],
  compatibilityDate = ${setting("date", '"')}, compatibilityFlags = ${setting("flags", "[")},${storage}
  bindings = [
    ${bindings.join(", ")} ]);
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
