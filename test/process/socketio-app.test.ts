import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RealtimeClient } from "../../src/client/index.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { StockClient, WAYS, type Way } from "./support/stock-client.ts";
import { StreamReader } from "./support/stream-reader.ts";
import { until } from "./support/until.ts";

let server: BareServer;
const clients: StockClient[] = [];
beforeAll(async () => {
  server = await BareServer.start({}, { socketio: true });
});
afterAll(async () => {
  for (const client of clients) client.close();
  await server.stop();
});

function client(user: string, way: Way, options = {}): Promise<StockClient> {
  const made = new StockClient(server.url, user, way, options);
  clients.push(made);
  return made.connected();
}

describe.each(WAYS)("the article's client, by %s (P21.1)", (way) => {
  it("joins, talks, types, reads and leaves", async () => {
    const room = `article-${way}`;
    const [ann, bob] = await Promise.all([client("ann", way), client("bob", way)]);
    expect(await ann.ask("join_room", room)).toMatchObject({ success: true, room });
    bob.socket.emit("join_room", room);
    const [joined] = await bob.hears("joined_room");
    expect(joined).toMatchObject({ room, roomId: room });
    expect(idsOf(joined)).toEqual(["ann", "bob"]);
    expect((await bob.hears("room_users"))[0]).toMatchObject({ room });
    expect(await ann.hears("user_joined")).toEqual([{ room, userId: "bob", name: "User bob" }]);

    ann.socket.emit("typing", room);
    expect((await bob.hears("user_typing"))[0]).toEqual({
      ...{ room, userId: "ann", userName: "User ann", typing: true },
    });
    ann.socket.emit("send_message", { roomId: room, message: "hello", messageId: "m1" });
    expect(await ann.hears("ack:m1")).toEqual([{ success: true, savedId: 1 }]);
    expect(await ann.ask("send_message", { room, content: "hello", messageId: "m1" })).toEqual({
      ...{ success: true, savedId: 1, duplicate: true },
    });
    const [received] = await bob.hears("receive_message");
    expect(received).toEqual({
      ...{ room, userId: "ann", userName: "User ann", message: "hello", messageId: "m1", seq: 1 },
      timestamp: expect.any(String),
    });
    expect((await ann.hears("new_message"))[0]).toMatchObject({ room, content: "hello", seq: 1 });
    expect(ann.named("receive_message")).toEqual([]);

    bob.socket.emit("read_messages", { room, upTo: 1 });
    expect(await ann.hears("messages_read")).toEqual([{ room, userId: "bob", upTo: 1 }]);
    expect(await bob.ask("leave_room", room)).toEqual({ success: true, room });
    expect(await ann.hears("user_left")).toEqual([{ room, userId: "bob", name: "User bob" }]);
    expect(await bob.ask("send_message", { room, message: "too late" })).toMatchObject({
      ...{ success: false, error: { code: "conflict" } },
    });
  });

  it("has its inbox, topics, documents and games", async () => {
    const ann = await client(`ann-${way}`, way);
    const who = `ann-${way}`;
    expect(await ann.ask("authenticate", "somebody else")).toMatchObject({
      userId: who,
      unread: 0,
    });
    await notify(who, `n-${way}`);
    expect((await ann.hears("notification"))[0]).toMatchObject({ title: "Hello", read: false });
    await until(() => ann.named("unread").at(-1)?.["unread"] === 1);

    const bob = await client("bob", way);
    await bob.ask("subscribe", `t-${way}`);
    bob.socket.emit("publish", { room: `topic:t-${way}`, event: "price", data: "12" });
    await ann.ask("subscribe", `topic:t-${way}`);
    expect((await ann.hears("price"))[0]).toBe("12");

    const change = { documentId: `d-${way}`, version: 0, changes: ["a"] };
    expect(await ann.ask("document_change", change)).toMatchObject({ success: true, version: 1 });
    await bob.ask("join_room", `document:d-${way}`);
    bob.socket.emit("cursor_move", { documentId: `d-${way}`, position: 3 });
    expect((await bob.hears("remote_change"))[0]).toMatchObject({
      documentId: `d-${way}`,
      version: 1,
    });
    expect((await ann.hears("remote_cursor"))[0]).toMatchObject({ userId: "bob", position: 3 });

    ann.socket.emit("player_input", { room: `game:g-${way}`, dx: 1, dy: 0 });
    expect((await ann.hears("game_state"))[0]).toMatchObject({ room: `game:g-${way}` });
  });

  it("is kept out with a bad token, by the very words", async () => {
    const stranger = new StockClient(server.url, "x", way, { auth: { token: "bad" } });
    clients.push(stranger);
    const error = await new Promise<Error>((resolve) =>
      stranger.socket.on("connect_error", resolve),
    );
    expect(error.message).toBe("Authentication failed");
  });
});

/** Who is in a room, by what whoever joins is told. */
function idsOf(joined: Record<string, unknown> | undefined): string[] {
  const users = joined?.["users"] as { userId: string }[] | undefined;
  return users?.map(({ userId }) => userId).sort() ?? [];
}

/** The backend's own notification. */
async function notify(userId: string, key: string): Promise<void> {
  const response = await fetch(`${server.url}/v1/users/${userId}/notifications`, {
    method: "POST",
    headers: { Authorization: `Bearer ${SECRETS.API_KEY}`, "Idempotency-Key": key },
    body: JSON.stringify({ type: "note", title: "Hello" }),
  });
  expect(response.status).toBe(201);
}

it("changes from polling to a WebSocket, and nobody in its room sees it leave or come again", async () => {
  const watcher = await client("watcher", "websocket");
  await watcher.ask("join_room", "changing");
  const changing = await client("changing", "default");
  // Its room is entered while it polls, or while it changes.
  await changing.ask("join_room", "changing");
  await until(() => changing.socket.io.engine.transport.name === "websocket");
  await watcher.hears("user_joined");
  expect(await changing.ask("send_message", { room: "changing", message: "here" })).toMatchObject({
    ...{ success: true, savedId: 1 },
  });
  // The hub has let go of the room by then.
  await pause(6_000);
  expect(await watcher.ask("send_message", { room: "changing", message: "still?" })).toMatchObject({
    savedId: 2,
  });
  expect((await changing.hears("receive_message"))[0]).toMatchObject({ message: "still?" });
  expect(watcher.named("user_joined")).toHaveLength(1);
  expect(watcher.named("user_left")).toEqual([]);
  expect(changing.ended).toEqual([]);
  await changing.hears("new_message", 2);
  expect(changing.named("new_message").map(({ seq }) => seq)).toEqual([1, 2]);
});

it("shares a room with the SDK and with event streams", async () => {
  const room = "shared";
  const reader = StreamReader.open(server.url, room, "cleo");
  const sdk = new RealtimeClient({
    url: server.url,
    token: async () => tokenFor("dan", SECRETS.AUTH_SECRET),
  });
  const theirs = sdk.room(room);
  const heard: string[] = [];
  theirs.on("new_message", ({ content }) => heard.push(content));
  await until(() => theirs.status === "open" && reader.joined.length > 0);
  const ann = await client("ann", "websocket");
  expect(idsOf(await ann.ask("join_room", room))).toEqual(["ann", "cleo", "dan"]);
  await theirs.send("from the SDK");
  expect((await ann.hears("receive_message"))[0]).toMatchObject({ userId: "dan" });
  expect(await ann.ask("send_message", { room, message: "from Socket.IO" })).toMatchObject({
    success: true,
  });
  await until(() => reader.seqs.length === 2 && heard.length === 2);
  expect(heard).toEqual(["from the SDK", "from Socket.IO"]);
  const late = await client("eve", "websocket");
  expect((await late.ask("join_room", room))["history"]).toHaveLength(2);
  reader.close();
  sdk.close();
});
