import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { installed } from "./installed.ts";
import { originOf } from "./origin.ts";
import { Problem } from "./problem.ts";
import { projectName, starterFiles } from "./starter.ts";

/**
 * Writes a project that runs.
 *
 * @param folder that is not there yet, or empty.
 * @returns the exit code.
 * @throws {Problem} where there is something already: nothing is written then.
 */
export function init(folder: string, say: (text: string) => void): number {
  const root = resolve(folder);
  requireEmpty(root, folder);
  const own = installed();
  const origin = originOf(own);
  const name = projectName(basename(root));
  const files = starterFiles({ name, origin, installed: own });
  for (const [path, text] of files) {
    const place = join(root, path);
    mkdirSync(dirname(place), { recursive: true });
    // Secrets are for their owner alone.
    writeFileSync(place, text, { flag: "wx", mode: path === ".dev.vars" ? 0o600 : 0o644 });
  }
  say(`Wrote ${files.size} files into ${folder}: a poll, with Hibiki ${own.version} (${origin}).

Next:
  cd ${folder}
  npm install
  npm run dev     http://localhost:8787, in two windows
  npm test        the poll's rules, on a clock of their own

shared/poll.ts is what both ends know, src/polls.ts the rules, web/page.ts the page.
README.md in there tells how to deploy it.`);
  return 0;
}

function requireEmpty(root: string, folder: string): void {
  if (!existsSync(root)) return;
  if (!statSync(root).isDirectory()) throw new Problem(`${folder} is a file: name a folder.`);
  // A repository that was just made is as good as empty.
  const first = readdirSync(root).find((name) => name !== ".git");
  if (first === undefined) return;
  throw new Problem(
    `${folder} is not empty (${first}, for one): nothing was written. Name a new folder. To a project that you have, add Hibiki by npm install; npx hibiki doctor then says which lines it lacks.`,
  );
}
