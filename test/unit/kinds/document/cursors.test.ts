import { beforeEach, describe, expect, it } from "vitest";
import { DOCUMENT_BOUNDS } from "../../../../src/protocol/document-limits.ts";
import { T0 } from "../../room/support/scene.ts";
import { change, DocumentScene, move } from "./support/document-scene.ts";

let scene: DocumentScene;

beforeEach(() => {
  scene = new DocumentScene();
});

describe("cursors in a document", () => {
  it("are told to the others, the newest of a flush, and to whoever joins (P18.11)", () => {
    scene.join("ada", { permissions: ["read"] });
    scene.join("ben");
    scene.hear("ada", move({ anchor: 1 }));
    scene.hear("ada", move({ anchor: 2 }));
    scene.flush();
    scene.join("eve");
    const told = [{ userId: "ada", position: { anchor: 2 } }];
    expect(scene.sockets.payloads("ben", "remote_cursor")).toEqual(told);
    expect(scene.sockets.payloads("ada", "remote_cursor")).toEqual([]);
    expect(scene.joined("eve")).toMatchObject({ cursors: { ada: { anchor: 2 } } });
  });

  it("are told to whoever joins between a move and its flush", () => {
    scene.join("ada");
    scene.hear("ada", move(1));
    scene.enter("ben");
    scene.flush();
    expect(scene.joined("ben")).toMatchObject({ cursors: {} });
    const told = [{ userId: "ada", position: 1 }];
    expect(scene.sockets.payloads("ben", "remote_cursor")).toEqual(told);
  });

  it("are told as they are last, whoever's turn it was", () => {
    for (const id of ["zoe", "ben"]) scene.join(id);
    for (const id of ["ada", "ada2"]) scene.join(id, { userId: "ada" });
    scene.hear("ada", move(1));
    scene.hear("ada2", change(7, ["a"]));
    scene.flush();
    scene.hear("ben", move(0));
    scene.room.leave("ada", T0);
    scene.hear("ada2", move(2));
    scene.flush();
    scene.join("eve");
    expect(scene.joined("eve")).toMatchObject({ cursors: { ada: 2 } });
    const told = scene.sockets.payloads("zoe", "remote_cursor");
    expect(told.findLast(({ userId }) => userId === "ada")).toEqual({ userId: "ada", position: 2 });
  });

  it("stay over a sleep, and go with the connection that moved them last", () => {
    scene.join("ada");
    scene.join("ada2", { userId: "ada" });
    scene.join("ben");
    scene.hear("ada", move(1));
    scene.flush();
    scene.hear("ada2", move(2));
    scene.flush();
    const kept = ["ada", "ada2", "ben"].map((id) => [id, scene.sockets.saved.get(id)] as const);
    const before = scene.room;
    const sessions = ["ada", "ada2", "ben"].map(
      (id) => [id, before.connection(id)?.session] as const,
    );
    expect(kept.map(([, session]) => session?.ofKind)).toEqual([undefined, "2", undefined]);
    scene.restart();
    for (const [id, session] of sessions) {
      if (session !== undefined) scene.room.restore(id, session, T0);
    }
    scene.room.leave("ada", T0);
    scene.join("eve");
    expect(scene.joined("eve")).toMatchObject({ cursors: { ada: 2 } });
    scene.room.leave("ada2", T0);
    scene.flush();
    scene.join("dan");
    expect(scene.joined("dan")).toMatchObject({ cursors: {} });
    expect(scene.sockets.payloads("ben", "remote_cursor").at(-1)).toEqual({
      userId: "ada",
      position: null,
    });
  });

  it("are taken away by null, and bounded together", () => {
    scene.join("ada");
    scene.hear("ada", move(1));
    scene.hear("ada", move(null));
    scene.flush();
    scene.join("ben");
    expect(scene.joined("ben")).toMatchObject({ cursors: {} });
    const long = "x".repeat(DOCUMENT_BOUNDS.positionBytes - 2);
    const crowd = DOCUMENT_BOUNDS.cursorsBytes / DOCUMENT_BOUNDS.positionBytes;
    for (let i = 0; i <= crowd; i++) {
      scene.enter(`u${i}`);
      scene.hear(`u${i}`, { ...move(long), messageId: "c" });
    }
    do scene.flush();
    while (scene.room.isTelling);
    const refused = scene.acks(`u${crowd}`);
    expect(refused).toMatchObject([{ success: false, error: { code: "rate_limited" } }]);
    expect(scene.acks("u0")).toEqual([{ success: true }]);
  });
});
