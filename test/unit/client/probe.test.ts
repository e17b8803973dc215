import { describe, expect, it } from "vitest";
import { RealtimeClient } from "../../../src/client/client.ts";
// Fetched when it is needed, which takes real time the first time.
import "../../../src/client/other-kinds.ts";
// Fetched when it is needed, which takes real time the first time.
import "../../../src/client/http-transports.ts";
import { FakeHttp, FakeStream, never } from "./support/fake-http.ts";
import { FakeNetwork } from "./support/fake-network.ts";
import { ManualClock, settle } from "./support/manual-clock.ts";
import { joined, jwt, newMessage } from "./support/scene.ts";

const TIMESTAMP = "2026-01-01T00:00:00.000Z";
const TOKEN = jwt(Date.parse("2030-01-01T00:00:00Z"));

function sseScene() {
  const network = new FakeNetwork(new ManualClock());
  const http = new FakeHttp(network);
  const streams: FakeStream[] = [];
  http.on(/^GET .*\/events$/, ({ signal }) => {
    const stream = new FakeStream(signal);
    streams.push(stream);
    return stream.response;
  });
  http.on(/^POST/, never);
  const { environment } = network;
  const url = "https://edge.example";
  const client = new RealtimeClient({ url, token: TOKEN, transport: "sse", environment });
  const greet = async (greeting: object, ...missed: readonly object[]) => {
    await settle();
    streams.at(-1)?.say(joined(greeting), ...missed);
    await settle();
  };
  const wake = () => network.wake("visible");
  return { client, greet, wake };
}

describe("coming back on a tab whose stream died, over Server-Sent Events", () => {
  it("brings a topic's values up to date", async () => {
    const { client, greet, wake } = sseScene();
    const topic = client.topic("cpu");
    const last = (data: number) => ({ last: { p: { data, timestamp: TIMESTAMP } } });
    await greet(last(1));
    wake();
    await greet({ recovered: true, ...last(99) });
    expect(topic.last["p"]?.data).toBe(99);
    expect(topic.status).toBe("open");
  });

  it("shows who left and who read meanwhile, and what was written, with no status in between", async () => {
    const { client, greet, wake } = sseScene();
    const room = client.room("general");
    await greet({ users: [{ userId: "bob", name: "Bob" }] });
    const statuses: string[] = [];
    const seen: number[] = [];
    room.on("status", ({ status }) => statuses.push(status));
    room.on("new_message", ({ seq }) => seen.push(seq));
    wake();
    await greet({ recovered: true, seq: 1, users: [], reads: { cat: 1 } }, newMessage(1));
    expect([room.users, room.reads, seen]).toEqual([[], { cat: 1 }, [1]]);
    expect(statuses).toEqual([]);
  });

  it("has an inbox's count", async () => {
    const { client, greet, wake } = sseScene();
    const inbox = client.inbox();
    await greet({ unread: 3 });
    wake();
    await greet({ recovered: true, unread: 0 });
    expect(inbox.unread).toBe(0);
  });
});
