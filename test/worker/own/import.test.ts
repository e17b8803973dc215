import { expect, it, vi } from "vitest";
import { exported, importInto, json } from "../support/archive.ts";
import { call } from "../support/http.ts";

it("runs a timer that an import has brought and that is due, whoever comes", async () => {
  const name = `poll:${crypto.randomUUID()}`;
  const vote = { body: { option: "soup" } };
  expect((await call("POST", `/v1/rooms/${name}/events/vote?as=ada`, vote)).status).toBe(201);
  const lines = await exported(name);
  await call("DELETE", `/v1/rooms/${name}`);
  const due = lines.replace(/("name":"deadline","at":)\d+/, `$1${Date.now() - 1}`);
  expect(due).not.toBe(lines);
  expect((await importInto(name, due)).status).toBe(201);
  const state = async () => (await json(`${name}/state`))["state"];
  await vi.waitUntil(async () => Object(await state()).open === false, { timeout: 10_000 });
});
