import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { BareServer } from "./support/bare-server.ts";
import { StockClient, WAYS, type Way } from "./support/stock-client.ts";
import { until } from "./support/until.ts";

const CHAT = join(ROOT, "test/examples/socketio-chat/src/worker.ts");

let server: BareServer;
const clients: StockClient[] = [];

beforeAll(async () => {
  server = await BareServer.start({}, { socketio: true, bundle: bundleOf(CHAT) });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => server.stop());

function come(name: string, way: Way): Promise<StockClient> {
  const client = new StockClient(server.url, name, way, { auth: { name } });
  clients.push(client);
  return client.connected();
}

describe.each(WAYS)("a server of a team's own, as it was written for Node, by %s", (way) => {
  it("joins, tells others, acknowledges, and sees clients leave", async () => {
    const room = `own-${way}`;
    const ann = await come("ann", way);
    const bob = await come("bob", way);
    expect(await ann.ask("join_room", room)).toEqual({ success: true, room, users: ["ann"] });
    expect(await bob.ask("join_room", room)).toEqual({
      success: true,
      room,
      users: ["ann", "bob"],
    });
    expect(await ann.hears("user_joined")).toEqual([{ room, name: "bob" }]);
    expect(await bob.ask("send_message", { room, message: "響き" })).toEqual({
      success: true,
      written: 1,
    });
    expect(await ann.hears("receive_message")).toEqual([{ room, name: "bob", message: "響き" }]);
    bob.close();
    expect(await ann.hears("user_left")).toEqual([{ room, name: "bob" }]);
  });

  it("refuses by its middleware whoever says no name", async () => {
    const client = new StockClient(server.url, "nobody", way, { auth: {}, reconnection: false });
    clients.push(client);
    const said = await new Promise((resolve) => client.socket.on("connect_error", resolve));
    expect(String(said)).toBe("Error: Say who you are: auth: { name }.");
  });

  it("has the same sockets, rooms and data after a crash, and tells what was said meanwhile", async () => {
    const room = `crash-${way}`;
    const ann = await come("ann", way);
    const bob = await come("bob", way);
    await ann.ask("join_room", room);
    await bob.ask("join_room", room);
    await ann.ask("send_message", { room, message: "1" });
    await server.kill();
    await server.up();
    await until(
      () => ann.recovered.length === 2 && bob.recovered.length === 2,
      () => [ann.recovered, bob.recovered],
      20_000,
    );
    expect([...ann.recovered, ...bob.recovered]).toEqual([false, true, false, true]);
    expect(new Set(ann.ids).size).toBe(1);
    expect(await ann.ask("send_message", { room, message: "2" })).toEqual({
      success: true,
      written: 2,
    });
    // A stock client (4.8.4) tells twice what came in the very turn in which its connection ends: once when
    // it has recovered, for it was not told before, and once from its own buffer; from Node's server too.
    await bob.hears("receive_message", 2);
    bob.cut();
    await until(
      () => !bob.socket.connected,
      () => bob.ended,
      5_000,
    );
    await ann.ask("send_message", { room, message: "3" });
    await bob.hears("receive_message", 3);
    expect(bob.named("receive_message").map(({ message }) => message)).toEqual(["1", "2", "3"]);
  });
});

it("says in the log what its code throws when it is made, and whoever comes comes back", async () => {
  const bundle = bundleOf(join(ROOT, "test/fixtures/socketio/broken-worker.ts"));
  const broken = await BareServer.start({}, { socketio: true, bundle });
  try {
    for (const way of WAYS) {
      const client = new StockClient(broken.url, "ann", way);
      clients.push(client);
      let tries = 0;
      client.socket.io.on("reconnect_attempt", () => {
        tries += 1;
      });
      await until(
        () => tries > 1,
        () => broken.output,
        10_000,
      );
      expect(client.socket.connected).toBe(false);
    }
    expect(broken.output).toContain("It could not be made: Error: a name that is not there");
  } finally {
    await broken.stop();
  }
});
