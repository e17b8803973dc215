import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { Connection } from "../../bench/load/connection.ts";
import { SharedFrames } from "../../bench/load/shared-frame.ts";
import { hibikiSocketioDialect } from "../../bench/servers/hibiki-socketio-dialect.ts";

const heard: string[] = [];
let server: WebSocketServer;
let port: number;

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  // It listens at a port of this machine.
  ({ port } = server.address() as AddressInfo);
  server.on("connection", (socket) => {
    socket.send(`0{"sid":"engine","upgrades":[]}`);
    socket.on("message", (data) => {
      const text = String(data);
      heard.push(text);
      if (text === "40") socket.send(`40{"sid":"socket","pid":"private"}`);
      if (text.startsWith(`42["join_room"`)) {
        for (const packet of ["2", `42["joined_room",{"room":"bench"}]`]) socket.send(packet);
      }
    });
  });
});
afterAll(() => server.close());

it("comes in as a client of Socket.IO: asks for the room once it is let in, and answers pings", async () => {
  const dialect = hibikiSocketioDialect(port, "messages");
  const { connection, welcome } = await Connection.open({
    entrance: dialect.entrance(0),
    dialect,
    listener: { messages: () => undefined, answered: () => undefined },
    shared: new SharedFrames(1),
    isSender: false,
  });
  expect(welcome).toMatch(/^\["joined_room",/);
  expect(connection.pings).toBe(1);
  connection.send("42[]");
  await expect.poll(() => heard.at(-1)).toBe("42[]");
  expect(heard).toEqual(["40", `42["join_room",{"room":"bench","history":0}]`, "3", "42[]"]);
  connection.close();
});
