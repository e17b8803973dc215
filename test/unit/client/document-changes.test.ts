import { afterEach, describe, expect, it } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { writeUpdate } from "../../../src/client/document-wire.ts";
import {
  documentScene,
  endScenes,
  openDocumentScene,
  updateOf,
  write,
} from "./support/document-scene.ts";
import { settle } from "./support/manual-clock.ts";

afterEach(endScenes);

describe("what is changed", () => {
  it("goes out at once after a rest, and then at most once in 16 ms, merged", async () => {
    const made = await openDocumentScene();
    const { clock, server } = made;
    await clock.advance(100);
    for (let at = 0; at < 10; at += 1) write(made);
    await settle();
    expect(server.count("update")).toBe(1);
    for (let at = 0; at < 32; at += 1) {
      write(made);
      await clock.advance(1);
    }
    expect(server.count("update")).toBe(3);
    await clock.advance(16);
    expect(server.doc.getText().length).toBe(42);
  });

  it("before the server said what it has goes with the rest of what it lacks", async () => {
    const made = await documentScene();
    write(made, "offline");
    expect(made.document.saved).toBe(false);
    made.server.isThere = false;
    made.network.socket.open();
    write(made, "still ");
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
    const made = await openDocumentScene();
    made.server.isThere = false;
    write(made);
    await made.clock.advance(20);
    expect(made.document.saved).toBe(false);
    made.server.say(writeUpdate(updateOf("of another")));
    expect(made.document.saved).toBe(false);
    made.server.say(writeUpdate(Y.encodeStateAsUpdate(made.document.doc)));
    expect(made.document.saved).toBe(true);
  });

  it("is saved by an answer to a question, where the server had nothing to tell", async () => {
    const made = await openDocumentScene();
    write(made, "abc");
    await made.clock.advance(20);
    made.server.isTelling = false;
    made.document.doc.getText().delete(0, 2);
    await made.clock.advance(2_900);
    expect([made.document.saved, made.server.count("sync_step_1")]).toEqual([false, 1]);
    await made.clock.advance(200);
    expect([made.document.saved, made.server.count("sync_step_1")]).toEqual([true, 2]);
  });

  it("and refused is never saved, however often that is asked, which is ever more seldom", async () => {
    const made = await openDocumentScene();
    const errors: unknown[] = [];
    made.document.on("error", (error) => errors.push(error));
    made.server.isStoring = false;
    write(made);
    await made.clock.advance(20);
    made.server.deny("invalid_frame: It refers to itself.");
    expect(errors).toMatchObject([{ code: "invalid_frame", message: "It refers to itself." }]);
    await made.clock.advance(300_000);
    expect(made.document.saved).toBe(false);
    expect(made.server.count("sync_step_1")).toBeLessThan(20);
    expect(made.document.status).toBe("open");
  });

  it("after it was closed is not saved", async () => {
    const made = await openDocumentScene();
    made.network.socket.close(4403);
    expect(made.document.saved).toBe(true);
    write(made);
    expect(made.document.saved).toBe(false);
    await expect(made.document.whenSaved()).rejects.toMatchObject({ code: "access_denied" });
    write(made);
    await made.clock.advance(100);
    expect(made.network.sockets).toHaveLength(1);
  });

  it("by others is heard, also after an observer that throws", async () => {
    const { server, network, document } = await openDocumentScene();
    const text = document.doc.getText();
    let isFirst = true;
    text.observe(() => {
      if (isFirst) {
        isFirst = false;
        throw new Error("mine");
      }
    });
    server.say(writeUpdate(updateOf("a")));
    server.say(writeUpdate(updateOf("b")));
    expect(text.length).toBe(2);
    expect(network.reported).toMatchObject([{ message: "mine" }]);
  });
});

describe("a document that an application brings", () => {
  it("is sent as far as the server lacks it, and saved then", async () => {
    const doc = new Y.Doc();
    doc.getText().insert(0, "kept");
    doc.getText().delete(0, 1);
    const made = await documentScene({ doc });
    expect([made.document.doc, made.document.saved]).toEqual([doc, false]);
    made.network.socket.open();
    await settle();
    expect(made.server.doc.getText().toString()).toBe("ept");
    expect(made.document.saved).toBe(true);
  });

  it("is saved at once, when the server has it all already", async () => {
    const doc = new Y.Doc();
    doc.getText().insert(0, "kept");
    doc.getText().delete(0, 1);
    const made = await documentScene({ doc });
    Y.applyUpdate(made.server.doc, Y.encodeStateAsUpdate(doc));
    made.server.isTelling = false;
    made.network.socket.open();
    await settle();
    expect([made.document.synced, made.document.saved]).toEqual([true, true]);
    await made.clock.advance(10_000);
    expect(made.server.count("sync_step_1")).toBe(2);
  });

  it("ends with it when it is destroyed", async () => {
    const doc = new Y.Doc();
    const { network, document } = await openDocumentScene({ doc });
    doc.destroy();
    await settle();
    expect([network.socket.closedWith, document.status]).toEqual([1000, "closed"]);
  });

  it("comes with its awareness, which stays; one of another is refused", async () => {
    const awareness = new Awareness(new Y.Doc());
    awareness.setLocalStateField("name", "Ada");
    const { client, document } = await openDocumentScene({ awareness });
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
