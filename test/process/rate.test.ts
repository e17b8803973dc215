import { afterAll, beforeAll, expect, it } from "vitest";
import { WebSocket } from "ws";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";

const VARS = { GUESTS: "on", LIMIT_REQUESTS_PER_MINUTE: "20", LIMIT_CONNECTIONS_PER_IP: "1" };
const PER_ADDRESS = 100;

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({ ...VARS, TRUSTED_IP_HEADER: "" });
});
afterAll(() => server.stop());

const messages = (headers: Record<string, string>) =>
  fetch(`${server.url}/v1/rooms/x/messages`, { headers });

it("holds an address by its socket where no header is trusted, whatever a client says", async () => {
  // A minute may end in between: then it begins anew.
  const tries = 2 * PER_ADDRESS + 1;
  const told = [];
  for (let i = 0; i < tries; i++) {
    const response = await messages({ "CF-Connecting-IP": `198.51.100.${i}` });
    told.push(response.status);
    if (response.status !== 429) continue;
    expect(Number(response.headers.get("Retry-After"))).toBeGreaterThan(0);
    break;
  }
  expect(told.at(-1)).toBe(429);
  expect(told.length).toBeGreaterThan(PER_ADDRESS);

  const socket = new WebSocket(`${server.url}/v1/rooms/x/ws`, [
    "hibiki.v1.json",
    `bearer.${tokenFor("ada", SECRETS.AUTH_SECRET)}`,
  ]);
  const code = await new Promise((resolve) => socket.on("close", resolve));
  expect(code).toBe(4429);

  const backend = await messages({ Authorization: `Bearer ${SECRETS.API_KEY}` });
  expect(backend.status).toBe(200);
});

it("says once in the log that each isolate counts by itself", () => {
  const said = server.output.split("\n").filter((line) => line.includes('"event":"warning"'));
  expect(said).toHaveLength(1);
  expect(said[0]).toContain("ADDRESS_RATE, USER_RATE, GUEST_RATE");
});
