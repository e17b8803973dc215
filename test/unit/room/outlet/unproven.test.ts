import { describe, expect, it } from "vitest";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { BYTES, named, Talk } from "../support/talk.ts";

const MIB = 1024 * 1024;
const REQUIRED = { REQUIRE_MARKS: "on" };

describe("clients that never answered a mark", () => {
  it.each([10, 70])(
    "are taken at their word when they ping, where marks are not required: %i (P9.10)",
    (count) => {
      const talk = new Talk();
      const old = named("old", count);
      for (const id of old) talk.scene.join(id);
      talk.tell(12 * MIB, () => talk.ping(old));
      expect(talk.closed).toEqual([]);
    },
  );
});

describe("clients that never answered a mark, where one is required", () => {
  it.each([10, 50])(
    "and only ping: %i of them are called back within the room's budget (P9.10)",
    (count) => {
      const talk = new Talk(REQUIRED);
      const deaf = named("deaf", count);
      for (const id of deaf) talk.scene.join(id);
      talk.tell(16 * MIB, () => talk.ping(deaf));
      const owed = talk.closed.reduce((sum, id) => {
        return (
          sum +
          talk.scene.sockets.of(id).filter(({ type }) => type === "new_message").length * BYTES
        );
      }, 0);
      const open = (count - talk.closed.length) * 16 * MIB;
      expect(talk.closed).not.toContain("ada");
      expect(owed + open).toBeLessThan(128e6);
    },
  );

  it("and answer their close are believed for one another: few come back, and none for good (P9.10)", () => {
    const talk = new Talk(REQUIRED);
    const { scene } = talk;
    const old = named("old", 15);
    for (const id of old) scene.join(id);
    let comebacks = 0;
    talk.tell(12 * MIB, () => {
      talk.ping(old);
      for (const [id] of scene.sockets.closes) {
        scene.sockets.closes.delete(id);
        scene.room.socketEnded(id);
        comebacks += 1;
        scene.join(id, {}, { epoch: scene.store.log.epoch, seq: scene.store.log.head }, talk.now);
      }
    });
    expect(comebacks).toBeGreaterThan(0);
    expect(comebacks).toBeLessThanOrEqual((old.length * 12 * MIB) / (BOUNDS.doubtedTotalBytes / 2));
    expect(scene.room.users).toHaveLength(old.length + 1);
  });

  it("and were told a little more than the rest of a crowd are not taken for a few", () => {
    const talk = new Talk(REQUIRED);
    const { scene } = talk;
    for (const id of named("early", 45)) scene.join(id);
    talk.tell(BOUNDS.doubtedBytes / 2 - 2 * BYTES);
    for (const id of named("late", 45)) scene.join(id);
    talk.tell(1.5 * MIB);
    expect(talk.closed).toEqual([]);
  });

  it("and answer no close take the others with them, until one does", () => {
    const talk = new Talk(REQUIRED);
    const { scene } = talk;
    const crowd = named("deaf", 70);
    for (const id of crowd) scene.join(id);
    talk.tell(12 * MIB, () => talk.ping(crowd));
    // A crowd: one at first, and four times as many each second that none of them answers.
    expect(talk.closed.length).toBeGreaterThan(1 + 4 + 16);
    expect(talk.closed).not.toContain("ada");
  });
});
