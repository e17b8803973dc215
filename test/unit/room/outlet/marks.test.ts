import { describe, expect, it } from "vitest";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { RAISED_LIMITS } from "../../../support/raised-limits.ts";
import { RoomScene, T0 } from "../support/scene.ts";

const WRITER = { userId: "eve", name: "Eve", permissions: ["write"] } as const;
const MIB = 1024 * 1024;
/** A message of 12 kB. */
const LONG = "響".repeat(4_000);
const BYTES = LONG.length * 3;
/** Every so often a message, in milliseconds. */
const EVERY_MS = 10;

/** A room in which ada, who reads, talks without an end. */
class Talk {
  readonly scene: RoomScene;
  now = T0;
  #messages = 0;

  constructor(vars: Readonly<Record<string, string>> = {}) {
    this.scene = new RoomScene("general", { ...RAISED_LIMITS, ...vars });
    this.scene.join("ada");
    this.scene.reading.add("ada");
  }

  /** Goes on until everybody was sent about so many bytes more. */
  tell(bytes: number, meanwhile = () => {}): void {
    for (let sent = 0; sent < bytes; sent += BYTES) {
      this.now += EVERY_MS;
      this.#messages += 1;
      const payload = { content: LONG };
      const messageId = `m${this.#messages}`;
      this.scene.hear("ada", { type: "send_message", messageId, payload }, this.now);
      this.scene.flush(this.now);
      meanwhile();
    }
  }

  /** Shows life for them. */
  ping(ids: readonly string[]): void {
    for (const id of ids) this.scene.sockets.pings.set(id, this.now);
  }

  /** Answers the newest mark that somebody was sent. */
  answer(connection: string): void {
    const id = this.scene.sockets.marks.get(connection);
    this.scene.hear(connection, { type: "read_mark", payload: { id } }, this.now);
  }

  marks(connection: string): readonly unknown[] {
    return this.scene.sockets.payloads(connection, "mark").map(({ id }) => id);
  }

  get closed(): readonly string[] {
    return [...this.scene.sockets.closes.keys()].sort();
  }
}

const named = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name}-${i}`);

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
