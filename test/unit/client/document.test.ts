import { afterEach, describe, expect, it } from "vitest";
import { Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import * as Y from "yjs";
import { writeAwareness, writeUpdate } from "../../../src/client/document-wire.ts";
import {
  documentScene,
  endScenes,
  openDocumentScene,
  updateOf,
  write,
} from "./support/document-scene.ts";
import { settle } from "./support/manual-clock.ts";
import { jwt } from "./support/scene.ts";

afterEach(endScenes);

describe("a document's connection", () => {
  it("names the document and the token as P17.1 has it, and speaks first", async () => {
    const { network, server, document, statuses } = await documentScene();
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
    const { clock, server, network, document } = await openDocumentScene();
    document.awareness.setLocalState(null);
    await clock.advance(20_000);
    server.say(writeUpdate(updateOf("a")));
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
    const { clock, server, network, document } = await openDocumentScene();
    server.isThere = false;
    network.wake("visible");
    await clock.advance(2_900);
    expect([server.count("sync_step_1"), document.status]).toEqual([2, "open"]);
    await clock.advance(100);
    expect(document.status).toBe("reconnecting");
  });

  it("is given up within 12 s when what is changed is not answered, and saves it over another", async () => {
    const made = await openDocumentScene();
    const { clock, network, server, document } = made;
    server.isThere = false;
    write(made);
    await clock.advance(11_900);
    expect(document.status).toBe("open");
    await clock.advance(300);
    expect([document.status, document.saved]).toEqual(["reconnecting", false]);
    server.isThere = true;
    await clock.advance(1_000);
    network.socket.open();
    await settle();
    expect([document.status, document.saved]).toEqual(["open", true]);
  });

  it("has more time where much is under way, or something else is heard", async () => {
    const slow = await openDocumentScene();
    slow.server.isThere = false;
    write(slow, "x".repeat(100_000));
    const busy = await openDocumentScene();
    busy.server.isThere = false;
    write(busy);
    for (let at = 0; at < 15; at += 1) {
      await slow.clock.advance(1_000);
      await busy.clock.advance(1_000);
      busy.server.say(writeUpdate(updateOf("a")));
    }
    expect([slow.document.status, busy.document.status]).toEqual(["open", "open"]);
  });

  it("is given up for a frame that cannot be read, and comes back", async () => {
    const { clock, network, server, document } = await openDocumentScene();
    // Longer than it is, by what it says.
    server.say(Uint8Array.of(0, 2, 200));
    expect([document.status, network.socket.closedWith]).toEqual(["reconnecting", 4000]);
    network.socket.close(1000);
    await clock.advance(1_000);
    network.socket.open();
    await settle();
    expect([document.status, network.sockets.length]).toEqual(["open", 2]);
  });

  it("is given up when it does not open within 10 s", async () => {
    const { clock, network, document } = await documentScene();
    await clock.advance(9_999);
    expect(document.status).toBe("connecting");
    await clock.advance(1);
    expect([document.status, network.socket.closedWith]).toEqual(["reconnecting", 4000]);
  });

  it.each([1006, 1011, 1012, 1013, 4503, 4599])(
    "comes back with the client's backoff after %i",
    async (code) => {
      const { clock, network, document } = await openDocumentScene();
      network.socket.close(code);
      expect([document.status, document.synced]).toEqual(["reconnecting", false]);
      await clock.advance(1_000);
      expect(network.sockets).toHaveLength(2);
    },
  );

  it.each([4400, 4403, 4408, 4413, 4426, 4429, 4499])("ends for good after %i", async (code) => {
    const { clock, network, document } = await openDocumentScene();
    network.socket.close(code);
    expect(document.status).toBe("closed");
    await clock.advance(60_000);
    expect(network.sockets).toHaveLength(1);
    expect(network.listeners).toBe(0);
    await expect(document.whenSynced()).rejects.toMatchObject({ retryable: false });
  });

  it("brings another token after 4401, at once; and ends where there is none", async () => {
    const tokens = ["first", "second"];
    const renewed = await openDocumentScene({ token: () => tokens.shift() ?? "none" });
    renewed.server.deny("token_expired: Your token has ended.");
    renewed.network.socket.close(4401);
    await renewed.clock.advance(0);
    expect(renewed.network.socket.protocols).toContain("bearer.second");
    const fixed = await openDocumentScene();
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
    const { document } = await documentScene({ environment: { openSocket } });
    expect([document.status, document.reason?.code]).toEqual(["closed", "unreachable"]);
  });

  it("goes on with a new token over another socket, and lets the old one go a second later", async () => {
    const at = Date.parse("2026-01-01T00:00:00Z");
    const tokens = [jwt(at + 100_000, "a"), jwt(at + 900_000, "b")];
    const made = await openDocumentScene({ token: () => tokens.shift() ?? "none" });
    const { clock, network, server, document, statuses } = made;
    await clock.advance(85_000);
    expect(network.sockets).toHaveLength(2);
    write(made);
    await clock.advance(0);
    expect(server.heard.at(-1)).toEqual({ type: "update", socket: 0 });
    network.socket.open();
    await settle();
    write(made);
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
    const made = await openDocumentScene({ token: () => tokens.shift() ?? "none" });
    const { clock, network, server, document } = made;
    await clock.advance(85_000);
    network.socket.close(1013);
    write(made);
    await clock.advance(0);
    expect(server.heard.at(-1)).toEqual({ type: "update", socket: 0 });
    expect(document.status).toBe("open");
  });

  it("tells what its last words were, and lets go of all when it is closed", async () => {
    const { clock, server, network, document } = await openDocumentScene();
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

describe("what others show", () => {
  it("is forgotten with the connection, and what this user shows is said again", async () => {
    const { clock, server, network, document } = await openDocumentScene();
    const other = new Awareness(new Y.Doc());
    other.setLocalStateField("name", "Ben");
    server.say(writeAwareness(encodeAwarenessUpdate(other, [other.clientID])));
    expect(document.awareness.getStates().size).toBe(2);
    network.socket.close(1006);
    expect([...document.awareness.getStates().keys()]).toEqual([document.awareness.clientID]);
    await clock.advance(1_000);
    network.socket.open();
    await settle();
    expect(server.heard.at(-1)).toEqual({ type: "awareness", socket: 1 });
    // Whoever has not moved meanwhile says the same as before.
    server.say(writeAwareness(encodeAwarenessUpdate(other, [other.clientID])));
    expect(document.awareness.getStates().get(other.clientID)).toEqual({ name: "Ben" });
    other.destroy();
  });

  it("is shown and forgotten also where the application throws at it", async () => {
    const { clock, network, client, server, document } = await documentScene();
    const throwing = () => {
      throw new Error("mine");
    };
    document.awareness.on("update", throwing);
    network.socket.open();
    await settle();
    expect([document.status, server.heard.at(-1)?.type]).toEqual(["open", "awareness"]);
    const other = new Awareness(new Y.Doc());
    server.say(writeAwareness(encodeAwarenessUpdate(other, [other.clientID])));
    network.socket.close(1006);
    await clock.advance(1_000);
    network.socket.open();
    await settle();
    expect(network.sockets).toHaveLength(2);
    network.socket.close(4403);
    expect(document.status).toBe("closed");
    expect(await client.document("plan")).not.toHaveProperty("status", "closed");
    expect(new Set(network.reported.map(String))).toEqual(new Set(["Error: mine"]));
    document.awareness.off("update", throwing);
    other.destroy();
  });

  it("is asked back by a server that wants a sign, also from whoever shows nothing", async () => {
    const { server, document } = await openDocumentScene();
    document.awareness.setLocalState(null);
    await settle();
    const before = server.count("awareness");
    server.say(Uint8Array.of(3));
    expect(server.count("awareness")).toBe(before + 1);
  });
});
