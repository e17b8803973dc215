import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { kindNames } from "../../../src/protocol/room-kind.ts";

const SRC = resolve(import.meta.dirname, "../../../src");

it("names a kind of room in its own folder and in the table of names' prefixes alone", async () => {
  const named = new RegExp(`"(?:${[...kindNames()].join("|")})"`);
  const files = (await readdir(SRC, { recursive: true })).filter((name) => name.endsWith(".ts"));
  const naming = await Promise.all(
    files.map(async (name) => (named.test(await readFile(resolve(SRC, name), "utf8")) ? name : "")),
  );
  const elsewhere = naming.filter((name) => name !== "" && !name.startsWith("kinds/"));
  expect(elsewhere).toEqual(["protocol/room-kind.ts"]);
});

it("names no kind in what all kinds share", async () => {
  const folders = ["", "/running"];
  const named = new RegExp(`"(?:${[...kindNames()].join("|")})"`);
  for (const folder of folders) {
    const names = await readdir(`${SRC}/kinds${folder}`);
    for (const name of names.filter((one) => one.endsWith(".ts"))) {
      expect(await readFile(`${SRC}/kinds${folder}/${name}`, "utf8"), name).not.toMatch(named);
    }
  }
});
