import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { removeFolder, temporaryFolder } from "../support/machine/folder.ts";
import { addQuizPage, newStarter, runScript } from "../support/starter.ts";

let folder: string;
let project: string;
/** As init wrote it. */
let toml: string;

beforeAll(async () => {
  folder = temporaryFolder();
  project = await newStarter(folder);
  toml = readFileSync(join(project, "wrangler.toml"), "utf8");
});
afterAll(() => removeFolder(folder));

describe("a project that npx hibiki init wrote from the tarball, outside of this repository", () => {
  it("is pinned to that tarball", () => {
    const { dependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
    expect(dependencies.hibiki).toMatch(new RegExp(`^file:${folder}/hibiki-[\\d.]+\\.tgz$`));
  });

  it("passes its own tests in less than 10 seconds", async () => {
    const begun = performance.now();
    expect(await runScript(project, "test")).toContain("pass 2");
    const seconds = (performance.now() - begun) / 1_000;
    console.log(JSON.stringify({ test: "starter", npmTestSeconds: Number(seconds.toFixed(2)) }));
    expect(seconds).toBeLessThan(10);
  });

  it("fails its own tests when a rule is broken", async () => {
    const path = join(project, "src/polls.ts");
    const rules = readFileSync(path, "utf8");
    writeFileSync(path, rules.replace("now + OPEN_MS", "now + 2 * OPEN_MS"));
    await expect(runScript(project, "test")).rejects.toThrow("fail 1");
    writeFileSync(path, rules);
  });

  it("passes its own types, and those of a page that uses all that a contract can have", async () => {
    addQuizPage(project);
    await runScript(project, "check");
  });
});

describe("npx hibiki doctor", () => {
  const doctor = (configuration: string): Promise<string> => {
    writeFileSync(join(project, "wrangler.toml"), configuration);
    return runScript(project, "doctor");
  };

  it("has nothing to say of a new project", async () => {
    expect(await doctor(toml)).toMatch(/^wrangler.toml and src\/worker.ts: nothing is missing/);
  });

  it.each([
    ["the Worker", /^main = .*\n/m],
    ["the compatibility date", /^compatibility_date = .*\n/m],
    ["the flag", /^compatibility_flags = .*\n/m],
    ["the binding of rooms", /^\[\[durable_objects\.bindings\]\]\nname = "ROOM"\n.*\n/m],
    ["the migration", /^\[\[migrations\]\]\n.*\n.*\n/m],
  ])(
    "names what is gone by the lines that mend it, and is content with them: %s",
    async (_, lines) => {
      const lacking = toml.replace(lines, "");
      expect(lacking).not.toBe(toml);
      const said = await doctor(lacking).catch((error: Error) => error.message);
      expect(said).toMatch(/^missing: [\s\S]*\n1 missing for Hibiki/);
      const paste = said.match(/^ {4}.*$/gm)?.map((line) => line.slice(4)) ?? [];
      const isTable = paste[0]?.startsWith("[") === true;
      const mended = isTable ? [lacking, ...paste] : [...paste, lacking];
      expect(await doctor(mended.join("\n"))).toContain("nothing is missing");
    },
  );

  it("names a class that the Worker does not export", async () => {
    const path = join(project, "src/worker.ts");
    const worker = readFileSync(path, "utf8");
    writeFileSync(path, worker.replace(/^export class RoomObject.*$/m, ""));
    await expect(doctor(toml)).rejects.toThrow(
      "export class RoomObject extends realtime.objects.RoomObject {}",
    );
    writeFileSync(
      path,
      worker.replace(/^export class .*$/gm, "") +
        "export const { RoomObject, MetricsObject, DocumentObject, SocketioObject } = realtime.objects;\n",
    );
    expect(await doctor(toml)).toContain("nothing is missing");
    writeFileSync(path, worker);
  });
});
