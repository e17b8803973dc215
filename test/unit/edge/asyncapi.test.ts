import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import {
  readMessage,
  writeAwareness,
  writePermissionDenied,
  writeQueryAwareness,
  writeSyncStep1,
  writeSyncStep2,
  writeUpdate,
} from "../../../src/document/wire.ts";
import { asyncApiDocument } from "../../../src/edge/asyncapi/document.ts";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { hears } from "../../../src/kinds/saying.ts";
import { CLIENT_FRAME_TYPES, SERVER_FRAMES } from "../../../src/protocol/frames.ts";
import { DocumentValidator } from "../../support/document-validator.ts";
import { RoomScene } from "../room/support/scene.ts";

interface Message {
  readonly payload: object;
  readonly examples: readonly { readonly payload: object }[];
}

interface Channel {
  readonly address: string;
  readonly messages: Readonly<Record<string, object>>;
}

const A_BYTE = Uint8Array.of(7);
const document = asyncApiDocument("1.2.3", 4_000);
const { channels, components, operations } = document as unknown as {
  channels: Readonly<Record<string, Channel>>;
  components: { readonly messages: Readonly<Record<string, Message>> };
  operations: Readonly<Record<string, { action: string; channel: object; messages: object[] }>>;
};
const validator = new DocumentValidator(document);
const problems = (type: string, frame: unknown) =>
  validator.problems(["components", "messages", type, "payload"], frame);

/** The wire of Yjs has bytes, and neither schemas nor examples. */
function isOfRooms([id]: readonly [string, unknown]): boolean {
  return !id.startsWith("yjs.");
}

describe("the AsyncAPI document", () => {
  it("is valid AsyncAPI 3.0", async () => {
    const fixture = join(import.meta.dirname, "../../fixtures/asyncapi-3.0.0.json.gz");
    const schema = JSON.parse(gunzipSync(await readFile(fixture)).toString("utf8"));
    const ajv = new Ajv({ strict: false, validateFormats: false });
    expect(ajv.validate(schema, document), ajv.errorsText()).toBe(true);
    expect(ajv.validate(schema, { ...document, channels: { chat: { address: 1 } } })).toBe(false);
  });

  it("refers to nothing that is not in it", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    for (const [, path = ""] of references) {
      const found = path
        .split("/")
        .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], document);
      expect(found, path).toBeDefined();
    }
  });

  it("has every frame, in the channels of the kinds that take it, and over streams what they carry", () => {
    const types = [...CLIENT_FRAME_TYPES, ...Object.keys(SERVER_FRAMES)];
    const ofRooms = Object.entries(components.messages).filter(isOfRooms);
    expect(ofRooms.map(([id]) => id).sort()).toEqual([...types].sort());
    expect(BUILT_IN.map((kind) => kind.contract.name)).toEqual([
      "chat",
      "inbox",
      "topic",
      "document",
      "game",
    ]);
    for (const built of BUILT_IN) {
      const kind = built.contract.name;
      const taken = CLIENT_FRAME_TYPES.filter((type) => hears(built, type));
      const received = Object.entries(operations).filter(
        ([id, { action }]) => action === "receive" && id.startsWith(`${kind}.`),
      );
      expect(received.map(([id]) => id)).toEqual(taken.map((type) => `${kind}.${type}`));
      expect(Object.keys(channels[kind]?.messages ?? {})).toEqual(expect.arrayContaining(taken));
      expect(Object.keys(channels[`${kind}Events`]?.messages ?? {})).not.toContain("ack");
    }
    const addresses = Object.values(channels).map(({ address }) => address);
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  it.each([
    ["sync_step_1", writeSyncStep1(A_BYTE)],
    ["sync_step_2", writeSyncStep2(A_BYTE)],
    ["update", writeUpdate(A_BYTE)],
    ["awareness", writeAwareness(A_BYTE)],
    ["permission_denied", writePermissionDenied("no")],
    ["query_awareness", writeQueryAwareness()],
  ])("says by which bytes a %s of the wire of Yjs begins", (type, bytes) => {
    const described = Object(components.messages[`yjs.${type}`]?.payload).description;
    const [kind = ""] = /^(?:[0-9a-f]{2} ?)+/.exec(described.slice(1)) ?? [];
    const begins = kind
      .trim()
      .split(" ")
      .map((byte: string) => Number.parseInt(byte, 16));
    expect([...bytes.subarray(0, begins.length)]).toEqual(begins);
    // The rest is what it carries, after its length.
    const carried = bytes.subarray(begins.length);
    expect(carried.length).toBe(described.includes("<") ? 1 + (carried[0] ?? 0) : 0);
    const read = readMessage(bytes);
    expect(read.ok && read.message.type).toBe(type);
  });

  it("changes with the bound on a message's length", () => {
    expect(JSON.stringify(document)).toContain('"maxLength":4000');
    expect(JSON.stringify(asyncApiDocument("1.2.3", 7))).toContain('"maxLength":7');
  });

  it("tells of frames as a room sends them", () => {
    const scene = new RoomScene("general");
    scene.join("ada");
    scene.join("ben");
    scene.hear("ada", { type: "send_message", messageId: "1", payload: { content: "one" } });
    scene.hear("ada", { type: "edit_message", messageId: "2", payload: { seq: 1, content: "I" } });
    scene.hear("ada", { type: "react", messageId: "3", payload: { seq: 1, emoji: "👍" } });
    scene.hear("ada", { type: "typing_start", messageId: "4" });
    scene.hear("ada", { type: "publish", payload: { event: "e", data: 1 } });
    scene.hear("ada", { type: "read_messages", payload: { upTo: 1 } });
    scene.hear("ada", { type: "delete_message", messageId: "5", payload: { seq: 1 } });
    scene.hear("ada", { type: "leave_room" });
    scene.hear("ben", { type: "flies" });
    scene.flush();
    const told = [...scene.sockets.of("ada"), ...scene.sockets.of("ben")];
    expect(new Set(told.map(({ type }) => type)).size).toBeGreaterThanOrEqual(11);
    for (const frame of told) expect(problems(frame.type, frame), JSON.stringify(frame)).toBe("");
  });
});

it.each(Object.entries(components.messages).filter(isOfRooms))(
  "has an example of %s that is as its schema says",
  (type, { examples }) => {
    expect(examples).not.toEqual([]);
    for (const { payload } of examples) expect(problems(type, payload)).toBe("");
  },
);
