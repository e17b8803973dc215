import { describe, expect, it } from "vitest";
import { settle } from "./support/manual-clock.ts";
import { ack, frame, message, newMessage, openScene } from "./support/scene.ts";

describe("two handles of one room", () => {
  it("share one connection, and each is left on its own", async () => {
    const { client, network, room } = await openScene();
    const other = client.room("general");
    await settle();
    expect(network.sockets).toHaveLength(1);
    const seen: number[] = [];
    const unheard: number[] = [];
    const told: string[] = [];
    other.on("new_message", ({ seq }) => seen.push(seq));
    room.on("new_message", ({ seq }) => unheard.push(seq));
    room.on("status", ({ status }) => told.push(status));
    await room.leave();
    network.socket.say(newMessage(1));
    expect([room.status, other.status]).toEqual(["closed", "open"]);
    expect([seen, unheard, told]).toEqual([[1], [], ["closed"]]);
    expect(network.socket.closedWith).toBeUndefined();
    void other.leave();
    await settle();
    expect(network.socket.closedWith).toBe(1000);
  });

  it("keep what one of them sent going until it is stored, though that one was left", async () => {
    const { client, network, room } = await openScene();
    const other = client.room("general");
    const sent = room.send("on my way out");
    await settle();
    await room.leave();
    network.socket.say(ack("id-1", 1));
    expect((await sent).savedId).toBe(1);
    await expect(room.send("too late")).rejects.toMatchObject({
      code: "disconnected",
      outcome: "not_sent",
    });
    expect(other.pending).toEqual([]);
  });

  it("are both told when the room is closed to them", async () => {
    const { client, network, room } = await openScene();
    const other = client.room("general");
    const told: string[] = [];
    for (const one of [room, other]) one.on("status", ({ status }) => told.push(status));
    network.socket.close(4403);
    expect(told).toEqual(["closed", "closed"]);
    expect([room.status, other.status]).toEqual(["closed", "closed"]);
  });

  it("do not let the connection go when one is left and another entered in one go", async () => {
    const { client, network, room } = await openScene();
    void room.leave();
    const mounted = client.room("general");
    await settle();
    expect(network.sockets).toHaveLength(1);
    expect(network.socket.closedWith).toBeUndefined();
    expect(mounted.status).toBe("open");
  });

  it("end at once with their client", async () => {
    const { client, network, room } = await openScene();
    const other = client.room("general");
    const closed = client.close();
    network.socket.close(1000);
    await closed;
    expect([room.status, other.status]).toEqual(["closed", "closed"]);
  });

  it("are waited for by their client's end until each goodbye is out, whoever said it", async () => {
    const { client, network, room } = await openScene();
    const done: string[] = [];
    void room.leave().then(() => done.push("left"));
    await settle();
    void client.close().then(() => done.push("client closed"));
    await settle();
    expect(done).toEqual([]);
    network.socket.close(1000);
    await settle();
    expect(done).toEqual(["left", "client closed"]);
  });
});

describe("a handle that comes late", () => {
  it("finds what a joined_room of that moment would say: users, reads and the newest messages as they are by now", async () => {
    const { client, clock, greet, network } = await openScene();
    network.socket.say(
      newMessage(1),
      newMessage(2),
      newMessage(3),
      frame("message_edited", { ...message(1), content: "edited" }, { seq: 4 }),
      frame("message_deleted", { seq: 2, userId: "bob" }, { seq: 5 }),
      frame("message_reacted", { seq: 3, emoji: "👍", userId: "cat" }, { seq: 6 }),
      frame("user_joined", { userId: "bob", name: "Bob" }),
      frame("messages_read", { userId: "bob", upTo: 3 }),
    );
    network.socket.close(1006);
    await clock.advance(1_000);
    const present = [
      { userId: "ann", name: "Ann" },
      { userId: "bob", name: "Bob" },
    ];
    await greet({ recovered: true, seq: 6, users: present });
    const { room } = await late(client);
    expect(room.messages).toMatchObject([
      { seq: 1, content: "edited" },
      { seq: 3, reactions: { "👍": ["cat"] } },
    ]);
    expect(room.joined).toMatchObject({
      seq: 6,
      users: [{ userId: "ann" }, { userId: "bob" }],
      reads: { bob: 3 },
      history: room.messages,
      recovered: false,
    });
    network.socket.say(
      frame("message_reacted", { seq: 3, emoji: "👍", userId: "cat", remove: true }, { seq: 7 }),
    );
    expect(room.messages[1]).toEqual(message(3));
  });

  it("holds at most 200 messages", async () => {
    const { client, network } = await openScene();
    for (let seq = 1; seq <= 250; seq += 1) network.socket.say(newMessage(seq));
    const { room } = await late(client);
    expect(room.messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 200 }, (_, n) => n + 51),
    );
  });
});

async function late(client: Awaited<ReturnType<typeof openScene>>["client"]) {
  const room = client.room("general");
  await settle();
  return { room };
}
