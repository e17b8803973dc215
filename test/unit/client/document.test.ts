import { afterEach, describe, expect, it } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { writeUpdate } from "../../../src/client/document-wire.ts";
import { type DocumentScene, documentScene, openDocumentScene } from "./support/document-scene.ts";
import { settle } from "./support/manual-clock.ts";
import { jwt } from "./support/scene.ts";

const scenes: DocumentScene[] = [];
afterEach(async () => {
  // An Awareness has a timer of the platform's.
  for (const { document } of scenes.splice(0)) document.awareness.destroy();
});

async function scene(options?: Parameters<typeof documentScene>[0]): Promise<DocumentScene> {
  const made = await documentScene(options);
  scenes.push(made);
  return made;
}

async function open(options?: Parameters<typeof documentScene>[0]): Promise<DocumentScene> {
  const made = await openDocumentScene(options);
  scenes.push(made);
  return made;
}

function type({ document }: Pick<DocumentScene, "document">, text = "x"): void {
  document.doc.getText().insert(0, text);
}

function changed(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText().insert(0, text);
  return Y.encodeStateAsUpdate(doc);
}

describe("a document's connection", () => {
  it("names the document and the token as P17.1 has it, and speaks first", async () => {
    const { network, server, document, statuses } = await scene();
    expect(network.socket.url.href).toBe("wss://edge.example/base/v1/documents/plan?access=true");
    expect(network.socket.protocols).toEqual(["hibiki.yjs.v1", "bearer.token-1"]);
    expect([server.heard, document.status, document.synced]).toEqual([[], "connecting", false]);
    network.socket.open();
    await settle();
    expect(server.heard.map(({ type }) => type)).toEqual([
      "sync_step_1",
      "sync_step_2",
      "awareness",
    ]);
    expect([document.status, document.synced, document.saved]).toEqual(["open", true, true]);
    expect(statuses).toEqual([{ status: "open", transport: "websocket" }]);
  });

  it("is asked for a sign of life when nothing was heard for 30 s, and given up 10 s later", async () => {
    const { clock, server, network, document } = await open();
    document.awareness.setLocalState(null);
    await clock.advance(20_000);
    server.say(writeUpdate(changed("a")));
    await clock.advance(25_000);
    expect(server.count("sync_step_1")).toBe(1);
    await clock.advance(20_000);
    expect(server.count("sync_step_1")).toBe(2);
    expect(document.status).toBe("open");
    server.isThere = false;
    await clock.advance(35_000);
    expect(document.status).toBe("reconnecting");
    expect(document.reason).toMatchObject({ code: "timeout" });
    await clock.advance(1_000);
    expect(network.sockets).toHaveLength(2);
  });

  it("is asked at once when the page is looked at, and given up 3 s later", async () => {
    const { clock, server, network, document } = await open();
    server.isThere = false;
    network.wake("visible");
    await clock.advance(2_900);
    expect([server.count("sync_step_1"), document.status]).toEqual([2, "open"]);
    await clock.advance(100);
    expect(document.status).toBe("reconnecting");
  });

  it("is given up when it does not open within 10 s", async () => {
    const { clock, network, document } = await scene();
    await clock.advance(9_999);
    expect(document.status).toBe("connecting");
    await clock.advance(1);
    expect([document.status, network.socket.closedWith]).toEqual(["reconnecting", 1000]);
  });

  it.each([1006, 1011, 1012, 1013, 4503, 4599])(
    "comes back with the client's backoff after %i",
    async (code) => {
      const { clock, network, document } = await open();
      network.socket.close(code);
      expect([document.status, document.synced]).toEqual(["reconnecting", false]);
      await clock.advance(1_000);
      expect(network.sockets).toHaveLength(2);
    },
  );

  it.each([4400, 4403, 4408, 4413, 4426, 4429, 4499])("ends for good after %i", async (code) => {
    const { clock, network, document } = await open();
    network.socket.close(code);
    expect(document.status).toBe("closed");
    await clock.advance(60_000);
    expect(network.sockets).toHaveLength(1);
    expect(network.listeners).toBe(0);
    await expect(document.whenSynced()).rejects.toMatchObject({ retryable: false });
  });

  it("brings another token after 4401, at once; and ends where there is none", async () => {
    const tokens = ["first", "second"];
    const renewed = await open({ token: () => tokens.shift() ?? "none" });
    renewed.server.deny("token_expired: Your token has ended.");
    renewed.network.socket.close(4401);
    await renewed.clock.advance(0);
    expect(renewed.network.socket.protocols).toContain("bearer.second");
    const fixed = await open();
    fixed.server.deny("token_expired: Your token has ended.");
    fixed.network.socket.close(4401);
    expect(fixed.document.reason).toEqual({
      code: "token_expired",
      message: "Your token has ended.",
    });
    expect(fixed.document.status).toBe("closed");
  });

  it("says that it needs a WebSocket where there is none", async () => {
    const openSocket = () => {
      throw new ReferenceError("WebSocket is not defined");
    };
    const { document } = await scene({ environment: { openSocket } });
    expect([document.status, document.reason?.code]).toEqual(["closed", "unreachable"]);
  });

  it("goes on with a new token over another socket, and lets the old one go a second later", async () => {
    const at = Date.parse("2026-01-01T00:00:00Z");
    const tokens = [jwt(at + 100_000, "a"), jwt(at + 900_000, "b")];
    const made = await open({ token: () => tokens.shift() ?? "none" });
    const { clock, network, server, document, statuses } = made;
    await clock.advance(85_000);
    expect(network.sockets).toHaveLength(2);
    type(made);
    await clock.advance(0);
    expect(server.heard.at(-1)).toEqual({ type: "update", socket: 0 });
    network.socket.open();
    await settle();
    type(made);
    await clock.advance(20);
    expect(
      server.heard.filter(({ type }) => type === "update").map(({ socket }) => socket),
    ).toEqual([0, 1]);
    expect(network.sockets[0]?.closedWith).toBeUndefined();
    await clock.advance(1_000);
    expect(network.sockets[0]?.closedWith).toBe(1000);
    network.sockets[0]?.close(1000);
    expect(statuses.map(({ status }) => status)).toEqual(["open"]);
    expect([document.status, document.synced, document.saved]).toEqual(["open", true, true]);
    await clock.advance(600_000);
    expect(network.sockets).toHaveLength(2);
  });

  it("goes on with the old token when the new one gets it no other", async () => {
    const at = Date.parse("2026-01-01T00:00:00Z");
    const tokens = [jwt(at + 100_000, "a"), jwt(at + 900_000, "b")];
    const made = await open({ token: () => tokens.shift() ?? "none" });
    const { clock, network, server, document } = made;
    await clock.advance(85_000);
    network.socket.close(1013);
    type(made);
    await clock.advance(0);
    expect(server.heard.at(-1)).toEqual({ type: "update", socket: 0 });
    expect(document.status).toBe("open");
  });

  it("tells what its last words were, and lets go of all when it is closed", async () => {
    const { clock, server, network, document } = await open();
    document.awareness.setLocalStateField("name", "Ada");
    const closing = document.close();
    await settle();
    expect(server.heard.slice(-2).map(({ type }) => type)).toEqual(["awareness", "awareness"]);
    expect(network.socket.closedWith).toBe(1000);
    await clock.advance(2_000);
    await closing;
    expect([network.listeners, clock.pending]).toEqual([0, 0]);
  });
});

describe("what is changed", () => {
  it("goes out at once after a rest, and then at most once in 16 ms, merged", async () => {
    const made = await open();
    const { clock, server } = made;
    await clock.advance(100);
    for (let at = 0; at < 10; at += 1) type(made);
    await settle();
    expect(server.count("update")).toBe(1);
    for (let at = 0; at < 32; at += 1) {
      type(made);
      await clock.advance(1);
    }
    expect(server.count("update")).toBe(3);
    await clock.advance(16);
    expect(server.doc.getText().length).toBe(42);
  });

  it("before the server said what it has goes with the rest of what it lacks", async () => {
    const made = await scene();
    type(made, "offline");
    expect(made.document.saved).toBe(false);
    made.server.isThere = false;
    made.network.socket.open();
    type(made, "still ");
    await made.clock.advance(100);
    expect(made.server.count("update")).toBe(0);
    made.network.socket.close(1006);
    made.server.isThere = true;
    await made.clock.advance(1_000);
    made.network.socket.open();
    await settle();
    expect(made.server.count("update")).toBe(0);
    expect(made.server.doc.getText().toString()).toBe("still offline");
    expect(made.document.saved).toBe(true);
  });

  it("is saved only once the server tells it", async () => {
    const made = await open();
    made.server.isThere = false;
    type(made);
    await made.clock.advance(20);
    expect(made.document.saved).toBe(false);
    made.server.say(writeUpdate(changed("of another")));
    expect(made.document.saved).toBe(false);
    made.server.say(writeUpdate(Y.encodeStateAsUpdate(made.document.doc)));
    expect(made.document.saved).toBe(true);
  });

  it("is saved by an answer to a question, where the server had nothing to tell", async () => {
    const made = await open();
    type(made, "abc");
    await made.clock.advance(20);
    made.server.isTelling = false;
    made.document.doc.getText().delete(0, 2);
    await made.clock.advance(2_900);
    expect([made.document.saved, made.server.count("sync_step_1")]).toEqual([false, 1]);
    await made.clock.advance(200);
    expect([made.document.saved, made.server.count("sync_step_1")]).toEqual([true, 2]);
  });

  it("and refused is never saved, however often that is asked, which is ever more seldom", async () => {
    const made = await open();
    const errors: unknown[] = [];
    made.document.on("error", (error) => errors.push(error));
    made.server.isStoring = false;
    type(made);
    await made.clock.advance(20);
    made.server.deny("invalid_frame: It refers to itself.");
    expect(errors).toMatchObject([{ code: "invalid_frame", message: "It refers to itself." }]);
    await made.clock.advance(300_000);
    expect(made.document.saved).toBe(false);
    expect(made.server.count("sync_step_1")).toBeLessThan(20);
    expect(made.document.status).toBe("open");
  });

  it("by others is heard, also after an observer that throws", async () => {
    const { server, network, document } = await open();
    const text = document.doc.getText();
    let isFirst = true;
    text.observe(() => {
      if (isFirst) {
        isFirst = false;
        throw new Error("mine");
      }
    });
    server.say(writeUpdate(changed("a")));
    server.say(writeUpdate(changed("b")));
    expect(text.length).toBe(2);
    expect(network.reported).toMatchObject([{ message: "mine" }]);
  });
});

describe("a document that an application brings", () => {
  it("is sent as far as the server lacks it, and saved then", async () => {
    const doc = new Y.Doc();
    doc.getText().insert(0, "kept");
    doc.getText().delete(0, 1);
    const made = await scene({ doc });
    expect([made.document.doc, made.document.saved]).toEqual([doc, false]);
    made.network.socket.open();
    await settle();
    expect(made.server.doc.getText().toString()).toBe("ept");
    await made.clock.advance(4_000);
    expect(made.document.saved).toBe(true);
  });

  it("ends with it when it is destroyed", async () => {
    const doc = new Y.Doc();
    const { network, document } = await open({ doc });
    doc.destroy();
    await settle();
    expect([network.socket.closedWith, document.status]).toEqual([1000, "closed"]);
  });

  it("comes with its awareness, which stays; one of another is refused", async () => {
    const awareness = new Awareness(new Y.Doc());
    awareness.setLocalStateField("name", "Ada");
    const { client, document } = await open({ awareness });
    expect(document.awareness).toBe(awareness);
    expect(document.doc).toBe(awareness.doc);
    const doc = new Y.Doc();
    await expect(client.document("other", { doc, awareness })).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(client.document("plan", { doc })).rejects.toMatchObject({ code: "conflict" });
    void document.close();
    await settle();
    expect(awareness.getLocalState()).toEqual({ name: "Ada" });
  });
});

describe("what others show", () => {
  it("is forgotten with the connection, and what this user shows is said again", async () => {
    const { clock, server, network, document } = await open();
    const other = new Awareness(new Y.Doc());
    other.setLocalStateField("name", "Ben");
    scenes.push({ document: { awareness: other } } as unknown as DocumentScene);
    const { encodeAwarenessUpdate } = await import("y-protocols/awareness");
    const { writeAwareness } = await import("../../../src/client/document-wire.ts");
    server.say(writeAwareness(encodeAwarenessUpdate(other, [other.clientID])));
    expect(document.awareness.getStates().size).toBe(2);
    network.socket.close(1006);
    expect([...document.awareness.getStates().keys()]).toEqual([document.awareness.clientID]);
    await clock.advance(1_000);
    network.socket.open();
    await settle();
    expect(server.heard.at(-1)).toEqual({ type: "awareness", socket: 1 });
  });

  it("is asked back by a server that wants a sign, also from whoever shows nothing", async () => {
    const { server, document } = await open();
    document.awareness.setLocalState(null);
    await settle();
    const before = server.count("awareness");
    server.say(Uint8Array.of(3));
    expect(server.count("awareness")).toBe(before + 1);
  });
});
