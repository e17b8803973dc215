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
  /** The one object class, and the binding it is under. */
  readonly className: string;
  readonly binding: string;
  readonly vars?: Readonly<Record<string, string>>;
}

/** Names the folder of the objects' data. */
export const UNIQUE_KEY = "hibiki-bench";

/** The project's own workerd. */
export const WORKERD = join(ROOT, "node_modules", "workerd", "bin", "workerd");

/** Starts `workerd serve`, nothing in front of it, and waits until it listens. */
export async function startWorkerd(options: WorkerdOptions): Promise<Child> {
  const file = join(options.folder, "config.capnp");
  mkdirSync(dataFolder(options.folder), { recursive: true });
  for (const [name, path] of Object.entries(options.modules)) {
    // Cap'n Proto embeds what lies beside the configuration.
    copyFileSync(path, join(options.folder, name));
  }
  writeFileSync(file, configOf(options));
  const child = Child.start(WORKERD, ["serve", file], { cwd: options.folder });
  await untilListening(options.port, child);
  return child;
}

/** Where workerd keeps the objects' SQLite files. */
export function dataFolder(folder: string): string {
  return join(folder, "do-data");
}

function configOf({ folder, port, modules, className, binding, vars = {} }: WorkerdOptions) {
  const moduleList = Object.keys(modules).map(
    (name) => `(name = ${quote(name)}, esModule = embed ${quote(name)})`,
  );
  const varList = Object.entries(vars).map(
    ([name, text]) => `(name = ${quote(name)}, text = ${quote(text)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .w),
    (name = "disk", disk = (path = ${quote(dataFolder(folder))}, writable = true)) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ]);
const w :Workerd.Worker = (
  modules = [ ${moduleList.join(", ")} ],
  compatibilityDate = "${compatibilityDate()}",
  durableObjectNamespaces = [
    (className = "${className}", uniqueKey = "${UNIQUE_KEY}", enableSql = true) ],
  durableObjectStorage = (localDisk = "disk"),
  bindings = [
    ${[`(name = "${binding}", durableObjectNamespace = "${className}")`, ...varList].join(", ")} ]);
`;
}

/** The same as deployed. */
function compatibilityDate(): string {
  const settings = readFileSync(join(ROOT, "wrangler.toml"), "utf8");
  const date = /^compatibility_date = "([\d-]+)"/m.exec(settings)?.[1];
  if (date === undefined) throw new Error("wrangler.toml names no compatibility_date.");
  return date;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
