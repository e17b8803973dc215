import { afterEach, expect, it, vi } from "vitest";
import { Doc, encodeStateAsUpdate } from "yjs";
import { name } from "./support/editor-socket.ts";
import { call } from "./support/http.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

function updateOf(text: string): Uint8Array {
  const doc = new Doc();
  doc.getText("text").insert(0, text);
  return encodeStateAsUpdate(doc);
}

it("leaves word in the log of who wrote a document by request, took it back and deleted it", async () => {
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line) => lines.push(String(line)));
  const document = name();
  const path = `/v1/documents/${document}`;
  await call("PUT", path, { bytes: updateOf("hi") });
  const made = await call("POST", `${path}/versions`);
  const { id } = await made.json<{ id: number }>();
  await call("PUT", path, { bytes: updateOf("a secret") });
  expect((await call("POST", `${path}/versions/${id}/restore`)).status).toBe(200);
  await call("DELETE", path);
  const audits = lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "audit");
  const room = `document:${document}`;
  expect(audits).toMatchObject([
    { room, action: "put_document", by: "backend" },
    { room, action: "put_document", by: "backend" },
    { room, action: "restore_version", by: "backend" },
    { room, action: "delete_document", by: "backend" },
  ]);
  expect(JSON.stringify(audits)).not.toContain("secret");
});
