import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { BareServer } from "./support/bare-server.ts";
import { StockClient } from "./support/stock-client.ts";

/** How many sleep; `SOCKETIO_SLEEPERS=100` for more. */
const SLEEPERS = Number(process.env["SOCKETIO_SLEEPERS"] ?? 20);
/** Objects hibernate after ten seconds without anything to do. */
const SLEEP_MS = 14_000;

let server: BareServer;
beforeAll(async () => {
  const bundle = bundleOf(join(ROOT, "test/fixtures/socketio/sleepy-chat-worker.ts"));
  // They are pinged all the while, which wakes no object.
  const vars = { SOCKETIO_PING_INTERVAL_MS: "3000", LIMIT_REQUESTS_PER_MINUTE: "0" };
  server = await BareServer.start(vars, { socketio: true, bundle });
});
afterAll(() => server.stop());

it("sleeps under its clients, and wakes with their sockets, rooms, data and handlers (P21.12)", async () => {
  const clients = await Promise.all(
    Array.from({ length: SLEEPERS }, (_, at) => {
      const name = `user-${at}`;
      const way = at % 4 === 0 ? "default" : "websocket";
      return new StockClient(server.url, name, way, { auth: { name } }).connected();
    }),
  );
  for (const client of clients) await client.ask("join_room", "all");
  const [first] = clients;
  if (first === undefined) throw new Error("Nobody sleeps.");
  await first.ask("send_message", { room: "all", message: "before" });
  await Promise.all(clients.slice(1).map((client) => client.hears("receive_message")));
  const count = (words: string) => server.output.split(words).length - 1;
  expect(count("the server is made")).toBe(1);

  await pause(SLEEP_MS);
  expect(count("the server is made")).toBe(1);
  expect(await first.ask("send_message", { room: "all", message: "after" })).toEqual({
    success: true,
    written: 2,
  });
  await Promise.all(clients.slice(1).map((client) => client.hears("receive_message", 2)));
  expect(count("the server is made")).toBe(2);
  expect([count("connection, new"), count("connection, recovered")]).toEqual([SLEEPERS, SLEEPERS]);
  for (const client of clients) {
    expect(client.ended).toEqual([]);
    expect(client.ids).toHaveLength(1);
    // Whatever handlers said when they ran again, they had said before.
    expect(client.named("welcome")).toHaveLength(1);
  }
  const said = clients[1]?.named("receive_message").map(({ message }) => message);
  expect(said).toEqual(["before", "after"]);
  for (const client of clients) client.close();
});
