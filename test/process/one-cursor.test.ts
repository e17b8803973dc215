import { afterAll, beforeAll, expect, it } from "vitest";
import { BareServer } from "./support/bare-server.ts";
import { readEveryWay } from "./support/every-way.ts";
import { seqsTo } from "./support/seqs-to.ts";

const ALL = 300;

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start();
});
afterAll(() => server.stop());

it("sees every seq once over WebSocket, SSE, long poll, history and WebSocket again (P4.6)", async () => {
  const { seen, counts } = await readEveryWay(server, "one-cursor", ALL);
  console.log(JSON.stringify({ test: "one-cursor", ...counts }));
  expect(seen).toEqual(seqsTo(ALL));
});
