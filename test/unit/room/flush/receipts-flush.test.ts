import { beforeEach, describe, expect, it } from "vitest";
import { RoomScene, T0 } from "../support/scene.ts";

function message(content: string, messageId: string = content): object {
  return { type: "send_message", messageId, payload: { content } };
}

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("general");
});

describe("receipts", () => {
  it("write nothing by themselves, and come along with the next message", () => {
    scene.join("ada");
    scene.hear("ada", message("one"));
    scene.room.flush(T0);
    scene.hear("ada", { type: "read_messages", payload: { upTo: 1 } });
    scene.room.flush(T0);
    expect(scene.store.receipts.load(10).size).toBe(0);
    expect(scene.sockets.saved.get("ada")?.readUpTo).toBe(1);
    scene.hear("ada", message("two"));
    scene.room.flush(T0);
    expect(scene.store.receipts.load(10).get("ada")).toBe(1);
  });

  it.each(["leave", "sweep"])("are written by a %s", (how) => {
    scene.join("ada");
    scene.hear("ada", message("one"));
    scene.room.flush(T0);
    scene.hear("ada", { type: "read_messages", payload: { upTo: 1 } });
    scene.room.flush(T0);
    if (how === "leave") scene.room.leave("ada", T0);
    else scene.room.sweep(T0 + 1);
    scene.room.flush(T0 + 1);
    expect(scene.store.receipts.load(10).get("ada")).toBe(1);
  });
});

describe("a receipt in a flush", () => {
  beforeEach(() => {
    scene.join("ada");
    scene.hear("ada", message("one"));
    scene.room.flush(T0);
    scene.hear("ada", { type: "read_messages", payload: { upTo: 1 } });
  });

  it("is stored when its reader is gone before", () => {
    scene.room.leave("ada", T0);
    scene.room.flush(T0);
    expect(scene.store.receipts.load(10).get("ada")).toBe(1);
  });

  it("also reaches who joins before", () => {
    scene.enter("ben");
    expect(scene.sockets.payloads("ben", "joined_room")[0]?.["reads"]).toEqual({});
    scene.room.flush(T0);
    expect(scene.sockets.payloads("ben", "messages_read")).toEqual([{ userId: "ada", upTo: 1 }]);
  });

  it("does not keep connections from being closed when storage fails", () => {
    scene.join("ben");
    scene.room.kick("ada", 0, T0);
    scene.room.kick("ben", 0, T0);
    scene.database.failing = true;
    scene.room.flush(T0);
    scene.room.flush(T0);
    expect([...scene.sockets.closes.keys()]).toEqual(["ada", "ben"]);
    expect(scene.room.users).toEqual([]);
    scene.database.failing = false;
    scene.room.sweep(T0 + 1);
    scene.room.flush(T0 + 1);
    expect(scene.store.receipts.load(10).get("ada")).toBe(1);
  });

  it("needs the grant to read", () => {
    const outcomes: unknown[] = [];
    const stranger = { userId: "eve", name: "Eve", permissions: [] };
    const frame = { type: "read_messages", payload: { upTo: 1 } } as const;
    const answer = (outcome: unknown) => outcomes.push(outcome);
    scene.room.submit({ frame, actor: stranger, at: T0, bytes: 1, answer });
    scene.room.flush(T0);
    expect(outcomes).toMatchObject([{ ok: false, error: { code: "access_denied" } }]);
    expect(scene.sockets.payloads("ada", "messages_read")).toEqual([{ userId: "ada", upTo: 1 }]);
  });
});
