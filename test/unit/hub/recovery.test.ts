import type { Server } from "socket.io";
import { PacketType } from "socket.io-parser";
import { describe, expect, it } from "vitest";
import { HubScene } from "./support/hub-scene.ts";

const room: (io: Server) => void = (io) => {
  io.on("connection", (socket) => {
    socket.on("join", (name: string) => void socket.join(name));
    socket.on("say", (name: string, what: unknown) => socket.to(name).emit("said", what));
    socket.on("wave", (name: string) => socket.to(name).volatile.emit("waved"));
    socket.on("data", (value: unknown) => {
      socket.data = value;
    });
    socket.on("what", (done: (...args: unknown[]) => void) => done([...socket.rooms], socket.data));
  });
};

async function two(scene = new HubScene(room)) {
  const [ann, bob] = [scene.peer("a"), scene.peer("b")];
  const [her, his] = [await ann.connect(), await bob.connect()];
  for (const peer of [ann, bob]) await peer.emit("join", "one");
  await ann.emit("say", "one", "hello");
  return { scene, ann, bob, her, his };
}

describe("a client that was away", () => {
  it.each(["goes on", "crashes", "is away for three hours"])(
    "is told what it missed, in order and once, when its hub %s",
    async (what) => {
      const { scene, ann, bob, his } = await two();
      const { offset } = bob;
      if (what !== "crashes") await bob.leave();
      for (const text of ["1", "2"]) await ann.emit("say", "one", text);
      await ann.emit("say", "elsewhere", "not his");
      await ann.emit("wave", "one");
      await ann.emit("say", "one", Buffer.from([1, 2, 3]));
      if (what === "crashes") await scene.wake(ann);
      if (what === "is away for three hours") scene.now += 3 * 3_600_000;
      const again = scene.peer("b2");
      expect(await again.connect({ pid: his.pid, offset })).toEqual(his);
      expect(again.events).toEqual([
        ["said", "1"],
        ["said", "2"],
        ["said", Buffer.from([1, 2, 3])],
      ]);
      await ann.emit("say", "one", "3");
      expect(again.events.at(-1)).toEqual(["said", "3"]);
      expect(await again.ask("what")).toEqual([[his.sid, "one"], {}]);
    },
  );

  it("takes the place of its old connection, whose end nobody has seen", async () => {
    const { scene, ann, bob, his } = await two();
    const again = scene.peer("b2");
    expect(await again.connect({ pid: his.pid, offset: bob.offset })).toEqual(his);
    expect(bob.isClosed).toBe(true);
    await ann.emit("say", "one", "for the new one");
    expect(again.events).toEqual([["said", "for the new one"]]);
    expect(bob.events).toEqual([["said", "hello"]]);
    // And sleeps as any other.
    await scene.wake(ann, again);
    expect(await again.ask("what")).toEqual([expect.arrayContaining([his.sid, "one"]), {}]);
  });

  it("is not told again what handlers say when they run again", async () => {
    const scene = new HubScene((io) => {
      room(io);
      io.on("connection", (socket) => socket.broadcast.emit("arrived"));
    });
    const { ann, bob, his } = await two(scene);
    await bob.leave();
    await scene.wake(ann);
    const again = scene.peer("b2");
    expect((await again.connect({ pid: his.pid, offset: bob.offset })).sid).toBe(his.sid);
    expect(again.events).toEqual([]);
  });

  it("begins anew when it said goodbye, after a day, or with what no hub has told", async () => {
    const { scene, bob, his } = await two();
    const { offset } = bob;
    await bob.say({ type: PacketType.DISCONNECT, nsp: "/" });
    const fresh = async (id: string, auth: object) => (await scene.peer(id).connect(auth)).sid;
    expect(await fresh("b2", { pid: his.pid, offset })).not.toBe(his.sid);

    const { scene: other, bob: late, his: his2 } = await two();
    await late.leave();
    for (const bad of ["", "log.", "log.zzzzz", "other.1", "log.1x!"]) {
      expect((await other.peer(bad).connect({ pid: his2.pid, offset: bad })).sid).not.toBe(
        his2.sid,
      );
    }
    other.now += 86_400_001;
    const { sid } = await other.peer("b3").connect({ pid: his2.pid, offset: late.offset });
    expect(sid).not.toBe(his2.sid);
  });

  it("loses nothing that is said while its middlewares take their time", async () => {
    const waiting: (() => void)[] = [];
    let isSlow = false;
    const scene = new HubScene(
      (io) => {
        io.use((_socket, next) => {
          if (isSlow) waiting.push(next);
          else next();
        });
        room(io);
      },
      { connectionStateRecovery: { skipMiddlewares: false } },
    );
    const { ann, bob, his } = await two(scene);
    await bob.leave();
    await ann.emit("say", "one", "1");
    isSlow = true;
    const again = scene.peer("b2");
    await again.connect({ pid: his.pid, offset: bob.offset });
    await ann.emit("say", "one", "2");
    for (const next of waiting) next();
    await ann.emit("say", "one", "3");
    expect(again.events).toEqual([
      ["said", "1"],
      ["said", "2"],
      ["said", "3"],
    ]);
  });
});

describe("what is written", () => {
  it("is one row a recoverable broadcast, and none for a volatile one", async () => {
    const { scene, ann } = await two();
    const before = scene.database.writes;
    for (let count = 0; count < 100; count += 1) await ann.emit("say", "one", `message ${count}`);
    expect(scene.database.writes - before).toBe(100);
    for (let count = 0; count < 20; count += 1) await ann.emit("wave", "one");
    expect(scene.database.writes - before).toBe(100);
  });

  it("is nothing of packets where clients do not recover, who are told no offset and no pid", async () => {
    const { scene, bob, his } = await two(new HubScene(room, {}));
    expect(Object.keys(his)).toEqual(["sid"]);
    expect(bob.heard.at(-1)?.data).toEqual(["said", "hello"]);
    expect([...scene.database.query("SELECT * FROM packets")]).toEqual([]);
    await bob.leave();
    expect([...scene.database.query("SELECT * FROM sessions")]).toHaveLength(1);
  });

  it("stays what it was where data cannot be stored, which is said once", async () => {
    const { scene, ann, bob, his } = await two();
    await bob.emit("data", { good: 1 });
    await bob.emit("data", { long: "x".repeat(1024 * 1024) });
    await bob.emit("data", { long: "y".repeat(1024 * 1024) });
    expect(scene.logged).toHaveLength(1);
    await bob.emit("join", "two");
    await scene.wake(ann, bob);
    expect(await bob.ask("what")).toEqual([[his.sid, "one", "two"], { good: 1 }]);
  });

  it("is whatever handlers have made of a socket, which keeps no hub from waking", async () => {
    const scene = new HubScene((io) => {
      room(io);
      io.on("connection", (socket) => {
        if (socket.recovered) return;
        // As handlers in JavaScript do.
        socket.join(7 as unknown as string);
        socket.data = undefined;
        Object.assign(socket.handshake, { auth: undefined, issued: "never" });
      });
    });
    const { ann, bob, his } = await two(scene);
    await scene.wake(ann, bob);
    await bob.leave();
    scene.io.to(7 as unknown as string).emit("seven");
    const again = scene.peer("b2");
    expect((await again.connect({ pid: his.pid, offset: bob.offset })).sid).toBe(his.sid);
    expect(again.events).toEqual([["seven"]]);
    expect(await again.ask("what")).toEqual([[his.sid, 7, "one"], null]);
  });
});
