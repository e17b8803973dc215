import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./machine/paths.ts";
import { install, packed } from "./packed.ts";

const execute = promisify(execFile);

/**
 * Makes a project as somebody does who has nothing but the tarball: installs it, has it `init` a folder,
 * and installs what that names. Its tools are this repository's, whose versions it names.
 *
 * @param folder for all of it.
 * @returns the project's folder.
 */
export async function newStarter(folder: string): Promise<string> {
  const packages = await packed(folder);
  const from = join(folder, "from");
  mkdirSync(from);
  const { hibiki = "", hono = "", zod = "", ...overrides } = packages;
  writeJson(join(from, "package.json"), {
    private: true,
    dependencies: { hibiki },
    overrides: { ...overrides, hono, zod },
  });
  await install(from);
  await execute("npx", ["--no-install", "hibiki", "init", "../my-app"], { cwd: from });

  const project = join(folder, "my-app");
  const path = join(project, "package.json");
  const { dependencies, devDependencies, ...manifest } = JSON.parse(readFileSync(path, "utf8"));
  // Hibiki is wherever init says that it is.
  const offline = { ...manifest, dependencies: { ...dependencies, hono, zod }, overrides };
  writeJson(path, offline);
  await install(project);
  writeJson(path, { ...offline, devDependencies });
  linkTools(project, Object.keys(devDependencies));
  return project;
}

/** Adds a kind and a page of the team's own to what `init` wrote. */
export function addQuizPage(project: string): void {
  cpSync(join(ROOT, "test/fixtures/starter-page"), project, { recursive: true });
  const path = join(project, "wrangler.toml");
  const toml = readFileSync(path, "utf8").replace("web/page.ts", "web/page.ts web/quiz.ts");
  writeFileSync(path, toml);
}

/** Runs a script of a project; what it says. A failure is what it said. */
export async function runScript(project: string, ...args: readonly string[]): Promise<string> {
  const env = { ...process.env, CI: "true", WRANGLER_SEND_METRICS: "false" };
  const run = execute("npm", ["run", "--silent", ...args], { cwd: project, env });
  const { stdout } = await run.catch(({ stdout, stderr }) =>
    Promise.reject(new Error(`${stdout}${stderr}`)),
  );
  return stdout;
}

function linkTools(project: string, tools: readonly string[]): void {
  const modules = join(project, "node_modules");
  for (const tool of tools) {
    mkdirSync(dirname(join(modules, tool)), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", tool), join(modules, tool));
  }
  for (const command of ["esbuild", "node", "tsc", "wrangler"]) {
    symlinkSync(join(ROOT, "node_modules/.bin", command), join(modules, ".bin", command));
  }
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, JSON.stringify(value, null, 2));
}
