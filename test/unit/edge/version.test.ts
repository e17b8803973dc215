import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { VERSION } from "../../../src/edge/version.ts";

it("tells the version that package.json does", () => {
  expect(JSON.parse(readFileSync("package.json", "utf8"))).toMatchObject({ version: VERSION });
});
