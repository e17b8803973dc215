import { describe, expect, it } from "vitest";
import { CLOSES } from "../../../../src/protocol/close.ts";
import { ROOM_DELETED } from "../../../../src/protocol/refusals.ts";
import { openMoving as open } from "../support/moving-scene.ts";

describe("what sockets keep of it over a sleep", () => {
  it("is written once a second at most, the last of it soon, and then the room may sleep (P15.8)", () => {
    const scene = open();
    const writes: number[] = [];
    const save = scene.sockets.save.bind(scene.sockets);
    scene.sockets.save = (id, session) => {
      writes.push(scene.now);
      save(id, session);
    };
    scene.move("ada", 30, 4_500);
    expect(writes.length).toBeLessThanOrEqual(5);
    expect(scene.room.hasWork).toBe(true);
    scene.until(scene.now + 1_000);
    expect(scene.sockets.saved.get("ada")?.shown).toBe('{"at":134}');
    expect(scene.room.hasWork).toBe(false);
  });

  it("is kept no more once the room has ended", () => {
    const scene = open();
    scene.move("ada", 30, 500);
    scene.room.end(ROOM_DELETED, CLOSES.deleted, scene.now);
    scene.sockets.saved.clear();
    scene.until(scene.now + 2_000);
    expect(scene.sockets.saved.size).toBe(0);
    expect(scene.room.hasWork).toBe(false);
  });

  it("goes to another connection of its person at once when one leaves, as it was last (P15.8)", () => {
    const scene = open();
    scene.join("ada-2", { userId: "ada" });
    scene.move("ada", 30, 500);
    scene.room.leave("ada", scene.now);
    expect(scene.sockets.saved.get("ada-2")?.shown).toBe('{"at":14}');
  });
});
