import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Format } from "./config.ts";
import { devVars } from "./dev-secrets.ts";
import { type Finding, findingsOf } from "./findings.ts";
import { installed } from "./installed.ts";
import { type Lines, written } from "./lines.ts";
import { exportsOf, readConfig } from "./project.ts";
import { runtimeOf } from "./runtime.ts";

/**
 * Says what a project lacks of what the installed version needs, with the lines to paste.
 *
 * @returns the exit code: 1 when something is missing, 0 when only what is optional is.
 * @throws {Problem} where there is no project that could be looked at.
 */
export async function doctor(folder: string, say: (text: string) => void): Promise<number> {
  const root = resolve(folder);
  const { path, format, config } = readConfig(root);
  const { main } = config;
  const exported = main === undefined ? undefined : await exportsOf(main, root);
  const findings = findingsOf({ config, exported, runtime: runtimeOf(root) });
  const file = basename(path);
  for (const finding of findings) say(told(finding, file, format));
  if (!hasSecrets(root, config.vars)) {
    say(
      `optional: There is no AUTH_SECRET for \`wrangler dev\`: every /v1 request is answered with 503 there. Put in .dev.vars, which git must not see:\n\n${indented(devVars().trimEnd())}\n`,
    );
  }
  const missing = findings.filter(({ level }) => level === "missing").length;
  say(
    missing === 0
      ? `${file}${main === undefined ? "" : ` and ${main}`}: nothing is missing for Hibiki ${installed().version}.`
      : `${missing} missing for Hibiki ${installed().version}.`,
  );
  return missing === 0 ? 0 : 1;
}

function told({ level, says, lines }: Finding, file: string, format: Format): string {
  const [sentence = "", ...code] = says.split("\n");
  const paste = lines === undefined ? code : [written(lines, format)];
  if (paste.length === 0) return `${level}: ${sentence}\n`;
  const where = lines === undefined ? "" : ` In ${file}${placeOf(lines, format)}:`;
  return `${level}: ${sentence}${where}\n\n${indented(paste.join("\n"))}\n`;
}

/** Where in the file, when that is not plain from the lines. */
function placeOf({ at, isEntry }: Lines, format: Format): string {
  if (format === "toml") return at.length === 0 ? ", above its first [table]" : "";
  return isEntry ? `; where "${at.join(".")}" is there already, the entry alone` : "";
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, "    ");
}

/** Whether `wrangler dev` finds what tokens are verified by. */
function hasSecrets(root: string, vars: Readonly<Record<string, unknown>> = {}): boolean {
  const names = ["AUTH_SECRET", "AUTH_JWKS_URL"];
  const texts = [".dev.vars", ".env"]
    .map((name) => join(root, name))
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, "utf8"));
  return names.some(
    (name) => name in vars || texts.some((text) => new RegExp(`^\\s*${name}\\s*=`, "m").test(text)),
  );
}
