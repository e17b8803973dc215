import { afterAll, beforeAll, expect, it } from "vitest";
import { RealtimeClient, type Room } from "../../src/client/index.ts";
import { pause } from "../support/pause.ts";
import { Server } from "../support/server.ts";
import { until } from "./support/until.ts";

let server: Server;
beforeAll(async () => {
  server = await Server.start({ LIMIT_CONNECTIONS_PER_USER: "10" });
});
afterAll(() => server.stop());

it.each(["json", "msgpack"] as const)(
  "shows an application each event once and in order over %s while the server is killed and restarted",
  async (wire) => {
    const ada = new RealtimeClient({ url: server.url, token: () => guest("Ada"), wire });
    const ben = new RealtimeClient({ url: server.url, token: () => guest("Ben"), wire });
    const writer = ada.room(`sdk-${wire}`);
    const reader = ben.room(`sdk-${wire}`);
    const seen: string[] = [];
    reader.on("new_message", ({ content }) => seen.push(content));
    await Promise.all([opened(writer), opened(reader)]);

    const contents = Array.from({ length: 60 }, (_, i) => `message ${i}`);
    const sent = contents.map((content) => writer.send(content));
    await sent[19];
    await server.kill();
    const late = writer.send("written while the server was down");
    await server.up();
    const receipts = await Promise.all([...sent, late]);

    const everything = [...contents, "written while the server was down"];
    await until(() => seen.length >= everything.length);
    expect(seen).toEqual(everything);
    expect(receipts.map(({ savedId }) => savedId)).toEqual(everything.map((_, i) => i + 1));
    expect(writer.pending).toEqual([]);
    ada.close();
    ben.close();
  },
);

async function guest(name: string): Promise<string> {
  const response = await fetch(`${server.url}/v1/guests`, {
    method: "POST",
    body: JSON.stringify({ name }),
  });
  return ((await response.json()) as { token: string }).token;
}

function opened(room: Room): Promise<void> {
  return new Promise((resolve) => {
    const off = room.on("joined_room", () => {
      off();
      resolve();
    });
  });
}

it("lets eleven clients of one user settle on ten places", async () => {
  const token = await guest("Tabs");
  const tabs = Array.from({ length: 11 }, () => {
    const client = new RealtimeClient({ url: server.url, token, transport: "websocket" });
    return { client, room: client.room("tabs") };
  });
  const lost: unknown[] = [];
  for (const { room } of tabs) {
    room.on("status", ({ status, retryInMs, reason }) => {
      if (status === "reconnecting" && retryInMs !== undefined) {
        lost.push([reason?.code, retryInMs >= 30_000]);
      }
    });
  }
  await pause(10_000);
  expect(lost).toEqual([["too_many_connections", true]]);
  expect(tabs.filter(({ room }) => room.status === "open")).toHaveLength(10);
  await Promise.all(tabs.map(({ client }) => client.close()));
});
