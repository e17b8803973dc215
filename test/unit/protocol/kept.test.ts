import { describe, expect, it } from "vitest";
import * as z from "zod";
import { KEPT_EDITOR } from "../../../src/protocol/document-admission.ts";
import { packKept, unpackKept } from "../../../src/protocol/kept.ts";
import { KEPT_SESSION } from "../../../src/protocol/kept-session.ts";

/** What release 0.1.0 left with a socket. */
const OF_RELEASE_0_1_0 = {
  version: 2,
  id: "c-1",
  session: {
    userId: "ada",
    name: "Ada",
    permissions: ["read", "write"],
    expiresAt: 60_000,
    wire: "json",
    transport: "websocket",
    address: "192.0.2.1",
    connectedAt: 1,
    readUpTo: 7,
  },
};

/**
 * The fields of each version. Whoever changes them raises the version, adds an entry here and leaves
 * the earlier ones as they are. An earlier version stays in `reads` as long as the new schema reads
 * what it left; else its sockets reconnect.
 */
const FIELDS: Readonly<Record<number, readonly string[]>> = {
  2: [
    "session.userId string",
    "session.name string",
    'session.permissions ["read","write","publish","moderate"][]',
    "session.expiresAt number",
    'session.wire ["json","msgpack","plain"]',
    'session.transport ["websocket","sse","poll"]',
    'session.via? ["multiplexed","socketio_websocket","socketio_polling"]',
    "session.address string",
    "session.echo? true",
    "session.paced? true",
    "session.folds? string",
    "session.backend? true",
    "session.authority?.askedAt number",
    "session.authority?.forMs number",
    "session.authority?.askAt number",
    "session.authority?.graceEndsAt? number",
    "session.authority?.tokenEndsAt number",
    'session.authority?.grants ["read","write","publish","moderate"][]',
    "session.authority?.member? undefined",
    "session.authority?.request.url string",
    "session.authority?.request.headers object",
    "session.connectedAt number",
    "session.readUpTo? number",
    "session.heardAt? number",
    "session.isBehind? boolean",
    "session.shown? string",
    "session.ofKind? string",
    "keepsake?.epoch string",
    "keepsake?.stats? object",
  ],
};

/** The same of what a document's socket keeps. */
const EDITOR_FIELDS: Readonly<Record<number, readonly string[]>> = {
  1: [
    "editor.userId string",
    "editor.name string",
    "editor.canWrite boolean",
    "editor.expiresAt number",
    "editor.address string",
    "editor.authority?.askedAt number",
    "editor.authority?.forMs number",
    "editor.authority?.askAt number",
    "editor.authority?.graceEndsAt? number",
    "editor.authority?.tokenEndsAt number",
    'editor.authority?.grants ["read","write","publish","moderate"][]',
    "editor.authority?.member? undefined",
    "editor.authority?.request.url string",
    "editor.authority?.request.headers object",
    "connectedAt number",
    "heardAt number",
    "isSynced boolean",
    "isToldReadOnly boolean",
    "badFrames integer",
    "cursors? [number, number, string, number][]",
    "stats? object",
  ],
};

type Schema = z.core.JSONSchema.JSONSchema;

/** Each field of an object's schema, by its path, with what it may be. */
function fieldsOf({ properties = {}, required = [] }: Schema, path = ""): readonly string[] {
  return Object.entries(properties).flatMap(([name, value]) => {
    const schema = value as Schema;
    const here = `${path}${name}${required.includes(name) ? "" : "?"}`;
    return schema.properties === undefined
      ? `${here} ${typeOf(schema)}`
      : fieldsOf(schema, `${here}.`);
  });
}

function typeOf({ const: only, enum: some, type, items, prefixItems }: Schema): string {
  if (type === "array" && prefixItems !== undefined) {
    return `[${prefixItems.map((item) => typeOf(item as Schema)).join(", ")}]`;
  }
  if (type === "array") return `${typeOf(items as Schema)}[]`;
  if (only !== undefined) return JSON.stringify(only);
  return some === undefined ? String(type) : JSON.stringify(some);
}

describe("what a room's socket keeps", () => {
  it("is read back as it was kept", () => {
    const { id, session } = OF_RELEASE_0_1_0;
    const kept = { session: { ...session, heardAt: 5 }, keepsake: { epoch: "e", stats: { a: 1 } } };
    const whole = KEPT_SESSION.schema.parse(kept);
    const packed = structuredClone(packKept(KEPT_SESSION, { id, kept: whole }));
    expect(unpackKept(KEPT_SESSION, packed)).toEqual({ id, kept });
  });

  it("is read as release 0.1.0 kept it", () => {
    const { id, session } = OF_RELEASE_0_1_0;
    expect(unpackKept(KEPT_SESSION, OF_RELEASE_0_1_0)).toEqual({ id, kept: { session } });
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["another version", { ...OF_RELEASE_0_1_0, version: 1 }],
    ["a later version", { ...OF_RELEASE_0_1_0, version: 3 }],
    ["no id", { ...OF_RELEASE_0_1_0, id: undefined }],
    ["another shape", { ...OF_RELEASE_0_1_0, session: { userId: "ada" } }],
  ])("is not read when it is %s", (_, value) => {
    expect(unpackKept(KEPT_SESSION, value)).toBeUndefined();
  });

  it("has fields that change with its version alone", () => {
    expect(fieldsOf(z.toJSONSchema(KEPT_SESSION.schema))).toEqual(FIELDS[KEPT_SESSION.version]);
  });

  it("is written in a version that it reads", () => {
    expect(KEPT_SESSION.reads).toContain(KEPT_SESSION.version);
  });
});

describe("what a document's socket keeps", () => {
  it("is read back as it was kept", () => {
    const editor = { userId: "ada", name: "Ada", canWrite: true, expiresAt: 9, address: "::" };
    const fresh = { isSynced: true, isToldReadOnly: false, badFrames: 2 };
    const cursors = [[7, 3, '{"name":"Ada"}', 5]] as const;
    const kept = { editor, connectedAt: 1, heardAt: 2, ...fresh, cursors };
    const packed = structuredClone(packKept(KEPT_EDITOR, { id: "c-1", kept }));
    expect(unpackKept(KEPT_EDITOR, packed)).toEqual({ id: "c-1", kept });
  });

  it("has fields that change with its version alone", () => {
    const { reads, schema, version } = KEPT_EDITOR;
    expect(fieldsOf(z.toJSONSchema(schema))).toEqual(EDITOR_FIELDS[version]);
    expect(reads).toContain(version);
  });
});
