import { describe, expect, it } from "vitest";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { RoomScene, T0 } from "../support/scene.ts";
import { BYTES, EVERY_MS, LONG, named, Talk } from "../support/talk.ts";

const WRITER = { userId: "eve", name: "Eve", permissions: ["write"] } as const;
const MIB = 1024 * 1024;

describe("a mark", () => {
  it("comes when much was sent, the next when that was read, and costs a quiet room nothing", () => {
    const talk = new Talk();
    talk.scene.join("ben");
    talk.tell(BOUNDS.firstMarkBytes - BYTES);
    expect(talk.marks("ben")).toEqual([]);
    talk.tell(8 * MIB);
    expect(talk.marks("ben")).toHaveLength(1);
    talk.scene.reading.add("ben");
    talk.tell(8.5 * MIB);
    expect(talk.marks("ben").length).toBeGreaterThanOrEqual(8);
    expect(talk.marks("ben").length).toBeLessThanOrEqual(10);
  });

  it("is the same on every wire", () => {
    const talk = new Talk();
    const wires = ["json", "msgpack", "plain"] as const;
    for (const wire of wires) {
      talk.scene.join(wire, { wire });
      talk.scene.reading.add(wire);
    }
    talk.tell(3 * MIB);
    for (const wire of wires) {
      const [first, second] = talk.scene.sockets.of(wire).filter(({ type }) => type === "mark");
      expect(first).toEqual({
        type: "mark",
        timestamp: expect.any(String),
        payload: { id: expect.any(String) },
      });
      expect(second).toBeDefined();
    }
  });

  it("is answered by nothing, and takes nothing of what its client may say (P3.11)", () => {
    const scene = new RoomScene("general", { LIMIT_FRAMES_BURST: "1" });
    scene.join("ben");
    for (let i = 0; i < 50; i++) {
      scene.ask(WRITER, { type: "send_message", messageId: `b${i}`, payload: { content: LONG } });
    }
    const told = scene.sockets.of("ben").length;
    expect(scene.sockets.marks.has("ben")).toBe(true);
    scene.hear("ben", { type: "read_mark", payload: { id: scene.sockets.marks.get("ben") } });
    scene.hear("ben", { type: "typing_start", messageId: "t" }, T0);
    scene.flush(T0);
    expect(scene.sockets.of("ben").slice(told)).toMatchObject([
      { type: "ack", messageId: "t", payload: { success: true } },
    ]);
  });

  it("that nobody waits for is ignored, also after a sleep (P3.12)", () => {
    const talk = new Talk();
    const { scene } = talk;
    scene.join("ben");
    talk.tell(MIB);
    const saved = scene.sockets.saved.get("ben");
    const told = scene.sockets.of("ben").length;
    for (let i = 0; i < 2 * BOUNDS.badFramesInARow; i++) {
      scene.hear("ben", { type: "read_mark", payload: { id: `guess-${i}` } }, talk.now);
    }
    scene.flush(talk.now);
    expect(scene.sockets.of("ben")).toHaveLength(told);
    const connection = scene.room.connection("ben");
    expect(saved).toBeUndefined();
    scene.restart();
    for (const id of ["ada", "ben"]) {
      const session = { ...connection?.session, userId: id } as NonNullable<
        typeof connection
      >["session"];
      scene.room.restore(id, session, talk.now);
    }
    talk.answer("ben");
    talk.tell(MIB);
    expect(talk.marks("ben")).toHaveLength(2);
    expect(talk.closed).toEqual([]);
  });

  it("has an id of its own, which is no other's (P3.12)", () => {
    const talk = new Talk();
    for (const id of ["ben", "cleo"]) {
      talk.scene.join(id);
      talk.scene.reading.add(id);
    }
    talk.tell(8 * MIB);
    const ids = [...talk.marks("ada"), ...talk.marks("ben"), ...talk.marks("cleo")];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(20);
    // Cleo's says nothing of what ben has read.
    talk.scene.reading.clear();
    talk.scene.reading.add("ada");
    talk.tell(2 * MIB);
    const id = talk.scene.sockets.marks.get("cleo");
    talk.scene.hear("ben", { type: "read_mark", payload: { id } }, talk.now);
    expect(talk.scene.room.connection("ben")?.unread.bytes).toBeGreaterThan(2 * MIB);
  });
});

describe("a client that has answered a mark", () => {
  it("has read no more than that, whatever else it says (P3.13)", () => {
    const talk = new Talk({ LIMIT_UNREAD_BYTES: String(8 * MIB) });
    for (const id of ["pings", "types", "reads"]) talk.scene.join(id);
    talk.scene.reading.add("reads");
    talk.tell(MIB);
    for (const id of ["pings", "types"]) talk.answer(id);
    const alive = () => {
      talk.ping(["pings"]);
      if (talk.scene.room.connection("types") === undefined) return;
      talk.scene.hear("types", { type: "typing_start" }, talk.now);
    };
    talk.tell(6 * MIB, alive);
    expect(talk.closed).toEqual([]);
    talk.tell(4 * MIB, alive);
    expect(talk.closed).toEqual(["pings", "types"]);
    expect([...talk.scene.sockets.closes.values()]).toEqual([4408, 4408]);
  });

  it.each([10, 50])(
    "and then only pings is one of %i that go when the room's budget is spent (P9.7)",
    (count) => {
      const talk = new Talk();
      const deaf = named("deaf", count);
      const fine = named("fine", 5);
      for (const id of [...deaf, ...fine]) {
        talk.scene.join(id);
        talk.scene.reading.add(id);
      }
      talk.tell(MIB);
      for (const id of deaf) talk.scene.reading.delete(id);
      talk.tell(16 * MIB, () => talk.ping(deaf));
      expect(talk.closed).toEqual([...deaf].sort());
      const owed = deaf.reduce((sum, id) => {
        return (
          sum +
          talk.scene.sockets.of(id).filter(({ type }) => type === "new_message").length * BYTES
        );
      }, 0);
      expect(owed - count * MIB).toBeLessThan(128e6);
    },
  );

  it("is not closed in a crowd that is behind by as much, as long as its answers come (P9.7)", () => {
    const talk = new Talk();
    const crowd = named("slow", 66);
    for (const id of crowd) {
      talk.scene.join(id);
      talk.scene.reading.add(id);
    }
    talk.tell(MIB);
    for (const id of crowd) talk.scene.reading.delete(id);
    for (let i = 0; i < 2; i++) {
      // Two seconds behind.
      talk.tell((2_000 / EVERY_MS) * BYTES);
      for (const id of crowd) talk.answer(id);
    }
    expect(talk.closed).toEqual([]);
  });

  it("is sent what it missed as its marks come back, when the room's budget is spent", () => {
    const talk = new Talk();
    const { scene } = talk;
    const seqs = (id: string) =>
      scene.sockets.of(id).flatMap(({ seq }) => (seq === undefined ? [] : [seq]));
    talk.tell(3.5 * MIB);
    const { epoch, head } = scene.store.log;
    for (const id of named("stuck", 14)) scene.enter(id, {}, { epoch, seq: 0 }, talk.now);
    while (scene.room.hasWork) scene.flush(talk.now);
    scene.enter("ben", {}, { epoch, seq: 0 }, talk.now);
    for (let i = 0; i < 20; i++) scene.flush(talk.now);
    expect(seqs("ben").length).toBeLessThan(head);
    scene.reading.add("ben");
    for (let i = 0; i < 40; i++) scene.flush(talk.now);
    expect(seqs("ben")).toEqual(Array.from({ length: head }, (_, i) => i + 1));
  });
});
