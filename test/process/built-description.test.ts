import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BUILT_CONTENT_CHARS } from "../../src/edge/asyncapi/built-bound.ts";
import { asyncApiDocument } from "../../src/edge/asyncapi/document.ts";
import { VERSION } from "../../src/edge/version.ts";

it("serves the description of the frames that other deployments make, whatever their bound is", async () => {
  const built = await readFile(join(import.meta.dirname, "../../dist/web/asyncapi.json"), "utf8");
  for (const contentChars of [7, 4_000]) {
    const served: unknown = JSON.parse(
      built.replaceAll(String(BUILT_CONTENT_CHARS), String(contentChars)),
    );
    const made: unknown = JSON.parse(JSON.stringify(asyncApiDocument(VERSION, contentChars)));
    expect(served).toEqual(made);
  }
});
