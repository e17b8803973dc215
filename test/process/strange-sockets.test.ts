import { request } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { RawSocket } from "./support/raw-socket.ts";

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start();
});
afterAll(() => server.stop());

// A socket that left the room but stays open is counted by no limit.
it.each([
  [1000, 1000],
  [1001, 1001],
  [3000, 3000],
  [4999, 4999],
  [1004, 1002],
  [1005, 1000],
  [1006, 1002],
  [1015, 1002],
  [999, 1002],
  [5000, 1002],
  [65_535, 1002],
])("answers a close with %d by %d, and the connection ends", async (code, answered) => {
  const token = tokenFor("eve", SECRETS.AUTH_SECRET);
  const socket = await RawSocket.open(server.port, "/v1/rooms/square/ws", token);
  expect(await socket.close(code)).toBe(answered);
});

it.each([
  ["POST", 401],
  ["DELETE", 405],
])("answers a %s that says it is a WebSocket's with %d, as any other", async (method, status) => {
  const headers = { Connection: "Upgrade", Upgrade: "websocket" };
  const url = `${server.url}/v1/rooms/square/messages`;
  const answered = await new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (answer) => resolve(answer.statusCode));
    asked.on("error", reject).end();
  });
  expect(answered).toBe(status);
});
