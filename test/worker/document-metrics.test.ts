import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Doc, encodeStateAsUpdate } from "yjs";
import { writeSyncStep1, writeUpdate } from "../../src/document/wire.ts";
import { type Family, parseExposition, seriesValue } from "../support/exposition-parser.ts";
import { EditorSocket, EMPTY_VECTOR, name, until } from "./support/editor-socket.ts";
import { call } from "./support/http.ts";
import { tokenFor } from "./support/tokens.ts";

type Families = ReadonlyMap<string, Family>;

const scrape = async () => parseExposition(await (await call("GET", "/v1/metrics")).text());
const stubOf = (document: string) => env.DOCUMENT.getByName(`document:${document}`);

/** Lets the report time pass and the alarm go off, and waits for the report. */
async function report(document: string): Promise<void> {
  vi.setSystemTime(Date.now() + 8_000);
  await runDurableObjectAlarm(stubOf(document));
  await new Promise((resolve) => setTimeout(resolve, 50));
}

/** What a family has gained, by the end of its name. */
function gains(before: Families, after: Families) {
  return (suffix: string, labels: Record<string, string> = {}) =>
    seriesValue(after, `hibiki_${suffix}`, labels) -
    seriesValue(before, `hibiki_${suffix}`, labels);
}

function textUpdate(text: string): Uint8Array {
  const doc = new Doc();
  doc.getText("text").insert(0, text);
  return encodeStateAsUpdate(doc);
}

async function joined(document: string, user: string, canWrite = true): Promise<EditorSocket> {
  const socket = await EditorSocket.open(document, user, canWrite);
  socket.send(writeSyncStep1(EMPTY_VECTOR));
  await until(() => socket.messages.some(({ type }) => type === "sync_step_2"));
  return socket;
}

// The clock stands still unless a test moves it, so that alarms go off when a test says so.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("what documents tell the metrics", () => {
  it("is who is there, what they write, what is refused, and how it is stored", async () => {
    const before = await scrape();
    const document = name();
    const [ada, ben] = [await joined(document, "ada"), await joined(document, "ben", false)];
    ada.send(writeUpdate(textUpdate("hello")));
    await until(() => ada.messages.some(({ type }) => type === "update"));
    ben.send(writeUpdate(textUpdate("not mine")));
    ada.send("text");
    await until(() => ada.denials.length + ben.denials.length === 2);
    await report(document);
    const gained = gains(before, await scrape());
    expect([gained("documents"), gained("document_connections")]).toEqual([1, 2]);
    expect(gained("connects_total", { transport: "yjs" })).toBe(2);
    expect(gained("document_edits_total")).toBe(1);
    expect(gained("document_stored_bytes_total")).toBeGreaterThan(10);
    expect(gained("document_refused_frames_total", { code: "access_denied" })).toBe(1);
    expect(gained("document_refused_frames_total", { code: "invalid_frame" })).toBe(1);
    expect(gained("frames_received_total")).toBe(5);
    expect(gained("bytes_total", { direction: "out" })).toBeGreaterThan(50);
    expect([gained("rooms"), gained("connections")]).toEqual([0, 0]);
    for (const socket of [ada, ben]) socket.close();
    await until(() => ada.closed !== undefined && ben.closed !== undefined);
    await report(document);
    const after = await scrape();
    const later = gains(before, after);
    expect([later("documents"), later("document_connections")]).toEqual([0, 0]);
    // The first of this code: before, there was no such series.
    const labels = { code: "1000", clean: "true" };
    expect(seriesValue(after, "hibiki_disconnects_total", labels)).toBe(2);
  });

  it.each([
    ["that was never written to", false],
    ["that was", true],
  ])("is not told twice by a document %s when it sleeps and wakes", async (_, isWritten) => {
    const before = await scrape();
    const document = name();
    const ada = await joined(document, "ada");
    if (isWritten) {
      ada.send(writeUpdate(textUpdate("hello")));
      await until(() => ada.messages.some(({ type }) => type === "update"));
    }
    await report(document);
    await evictDurableObject(stubOf(document), { webSockets: "hibernate" });
    const ben = await joined(document, "ben");
    await report(document);
    const gained = gains(before, await scrape());
    expect([gained("documents"), gained("document_connections")]).toEqual([1, 2]);
    expect(gained("connects_total", { transport: "yjs" })).toBe(2);
    const stats = await call("GET", `/v1/documents/${document}/stats`);
    expect(await stats.json()).toMatchObject({
      connections: 2,
      users: 2,
      peak: 2,
      edits: isWritten ? 1 : 0,
      connects: { yjs: 2 },
    });
    for (const socket of [ada, ben]) socket.close();
    await until(() => ada.closed !== undefined && ben.closed !== undefined);
    vi.setSystemTime(Date.now() + 8_000);
    await runDurableObjectAlarm(stubOf(document));
    await vi.waitFor(async () => expect(gains(before, await scrape())("documents")).toBe(0));
  });

  it("is for those who may moderate (P17.18), and begins anew with a document that was deleted", async () => {
    const document = name();
    await call("PUT", `/v1/documents/${document}`, { bytes: textUpdate("hello") });
    const path = `/v1/documents/${document}/stats`;
    expect((await call("GET", path, { auth: await tokenFor("ada") })).status).toBe(403);
    const rooms = { [`document:${document}`]: ["moderate"] as const };
    const theirs = await call("GET", path, { auth: await tokenFor("ada", { rooms }) });
    expect(await theirs.json()).toMatchObject({ edits: 1, connections: 0, folds: 0 });
    await call("DELETE", `/v1/documents/${document}`);
    expect(await (await call("GET", path)).json()).toMatchObject({ edits: 0 });
  });
});
