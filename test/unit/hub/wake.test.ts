import type { Server } from "socket.io";
import { PacketType } from "socket.io-parser";
import { describe, expect, it } from "vitest";
import { HubScene } from "./support/hub-scene.ts";

function chat(told: string[]): (io: Server) => void {
  return (io) => {
    io.use((socket, next) => {
      told.push("asked");
      if (socket.handshake.auth["token"] === "bad") next(new Error("Authentication failed"));
      else next();
    });
    io.on("connection", (socket) => {
      told.push(`connection ${socket.recovered}`);
      socket.emit("welcome", socket.recovered);
      socket.broadcast.emit("arrived");
      socket.on("join", (room: string, done: () => void) => {
        socket.join(room);
        socket.data.count = (socket.data.count ?? 0) + 1;
        done();
      });
      socket.on("count", (done: () => void) => {
        socket.data.count = (socket.data.count ?? 0) + 1;
        done();
      });
      socket.on("what", (done: (...args: unknown[]) => void) =>
        done(socket.id, [...socket.rooms], socket.data, socket.handshake.auth),
      );
      socket.on("say", (room: string, text: string) => io.to(room).emit("said", text));
      socket.on("disconnect", (reason) => {
        told.push(`disconnect ${reason}`);
        io.emit("left", socket.id);
      });
    });
    io.of("/other").on("connection", (socket) => socket.on("ping", (done) => done(socket.id)));
  };
}

describe.each([{ connectionStateRecovery: {} }, {}])("a hub that sleeps, with %j", (options) => {
  it("goes on with ids, rooms, data, handshake and listeners; nothing is emitted twice", async () => {
    const told: string[] = [];
    const scene = new HubScene(chat(told), options);
    const peer = scene.peer("a");
    const { sid } = await peer.connect({ token: "good" });
    await peer.ask("join", "one");
    const before = await peer.ask("what");
    expect(before).toEqual([sid, [sid, "one"], { count: 1 }, { token: "good" }]);
    const events = peer.events.length;

    for (let sleeps = 0; sleeps < 3; sleeps += 1) await scene.wake(peer);

    expect(peer.events).toHaveLength(events);
    expect(await peer.ask("what")).toEqual([
      sid,
      expect.arrayContaining([sid, "one"]),
      { count: 1 },
      { token: "good" },
    ]);
    await peer.emit("say", "one", "still here");
    expect(peer.events.at(-1)).toEqual(["said", "still here"]);
    expect(peer.events).toHaveLength(events + 1);
    // Who is let in was decided once.
    expect(told).toEqual(["asked", "connection false", ...Array(3).fill("connection true")]);
    expect(scene.io.engine.clientsCount).toBe(1);
  });

  it("lets a client into a second namespace after a sleep, and an hour", async () => {
    const scene = new HubScene(chat([]), options);
    const peer = scene.peer("a");
    const { sid } = await peer.connect();
    await scene.wake(peer);
    scene.now += 3_600_000;
    const other = await peer.connect({}, "/other");
    expect(other.sid).not.toBe(sid);
    await scene.wake(peer);
    expect((await peer.ask("what")) as unknown[]).toContain(sid);
    expect(peer.isClosed).toBe(false);
  });

  it("tells who is there of those that a crash has taken, once", async () => {
    const told: string[] = [];
    const scene = new HubScene(chat(told), options);
    const [one, two] = [scene.peer("a"), scene.peer("b")];
    const { sid } = await one.connect();
    await two.connect();
    await scene.wake(two);
    expect(two.events.filter((event) => String(event).startsWith("left"))).toEqual([["left", sid]]);
    expect(told.filter((line) => line.startsWith("disconnect"))).toEqual([
      "disconnect transport close",
    ]);
    await scene.wake(two);
    expect(told.filter((line) => line.startsWith("disconnect"))).toHaveLength(1);
  });

  it("tells a client of a namespace that it is in no more", async () => {
    let isThere = true;
    const scene = new HubScene((io) => {
      io.of((name, _auth, next) => next(null, isThere && name === "/some"));
    }, options);
    const peer = scene.peer("a");
    await peer.connect({}, "/some");
    isThere = false;
    await scene.wake(peer);
    expect(peer.heard.at(-1)).toMatchObject({ type: PacketType.DISCONNECT, nsp: "/some" });
  });

  it("tells a client that handlers have sent away while they ran again", async () => {
    const scene = new HubScene((io) => {
      io.on("connection", (socket) => {
        if (socket.recovered) socket.disconnect();
      });
    }, options);
    const peer = scene.peer("a");
    await peer.connect();
    await scene.wake(peer);
    expect(peer.heard.at(-1)?.type).toBe(PacketType.DISCONNECT);
  });
});

describe("acknowledgements", () => {
  it("are stored for before they are sent", async () => {
    const scene = new HubScene(chat([]));
    const peer = scene.peer("a");
    await peer.connect();
    const counted: unknown[] = [];
    const { send } = peer;
    peer.send = (message) => {
      const [row] = scene.database.query("SELECT session FROM sessions");
      if (String(message).startsWith("3")) counted.push(JSON.parse(String(row?.["session"])).data);
      send.call(peer, message);
    };
    await peer.ask("count");
    await peer.ask("count");
    expect(counted).toEqual([{ count: 1 }, { count: 2 }]);
  });

  it("are none where nothing can be stored: the client is to come back", async () => {
    const scene = new HubScene(chat([]));
    const peer = scene.peer("a");
    await peer.connect();
    scene.database.query("DROP TABLE sessions");
    expect(await peer.ask("join", "one")).toBeUndefined();
    expect(peer.isClosed).toBe(true);
    expect(scene.logged[0]).toMatch(/^Nothing can be stored/);
  });

  it("of before a sleep are not taken for others", async () => {
    const answers: string[] = [];
    const scene = new HubScene((io) => {
      io.on("connection", (socket) => {
        socket.on("ask", (name: string) => socket.emit("question", () => answers.push(name)));
      });
    });
    const peer = scene.peer("a");
    await peer.connect();
    await peer.emit("ask", "first");
    const first = peer.heard.at(-1)?.id;
    await scene.wake(peer);
    await peer.emit("ask", "second");
    const second = peer.heard.at(-1)?.id;
    expect(first).toBeGreaterThan(0);
    for (const id of [first, second]) {
      await peer.say({ type: PacketType.ACK, nsp: "/", id: Number(id), data: [] });
    }
    expect(answers).toEqual(["second"]);
  });
});
