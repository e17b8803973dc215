import { describe, expect, it } from "vitest";
import { RealtimeClient } from "../../../src/client/client.ts";
// Fetched when it is needed, which takes real time the first time.
import "../../../src/client/other-kinds.ts";
import "../../../src/client/http-transports.ts";
import type { TransportOption } from "../../../src/client/transport-option.ts";
import { FakeNetwork } from "./support/fake-network.ts";
import { ManualClock, settle } from "./support/manual-clock.ts";
import { frame, joined } from "./support/scene.ts";

const TIMESTAMP = "2026-01-01T00:00:00.000Z";

async function topicScene(rooms: object = {}, transport: TransportOption = "auto") {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const { environment } = network;
  const client = new RealtimeClient({
    url: "https://edge.example",
    token: granting(rooms),
    transport,
    environment,
  });
  const topic = client.topic("cpu");
  const events: unknown[] = [];
  topic.on("event", ({ event, data }) => events.push([event, data]));
  await settle();
  const greet = async (overrides: object = {}) => {
    network.socket.say(joined({ roomId: "topic:cpu", last: {}, ...overrides } as object));
    await settle();
  };
  return { clock, network, client, topic, events, greet };
}

function granting(rooms: object): string {
  const claims = Buffer.from(JSON.stringify({ sub: "ann", rooms })).toString("base64url");
  return `a.${claims}.c`;
}

function published(event: string, data: unknown) {
  return frame("event", { event, data, userId: "bob" });
}

describe("a topic", () => {
  it("is the same by its short and its full name", async () => {
    const { client, network, topic } = await topicScene();
    expect(client.topic("topic:cpu").id).toBe("topic:cpu");
    await settle();
    expect(network.sockets).toHaveLength(1);
    expect(topic.id).toBe("topic:cpu");
    expect(network.socket.url.pathname).toBe("/v1/rooms/topic%3Acpu/ws");
    expect(() => client.topic("no spaces")).toThrow();
  });

  it("has the last values on joining, and keeps them up to date", async () => {
    const { events, greet, network, topic } = await topicScene();
    await greet({ last: { load: { data: 1, timestamp: TIMESTAMP } } });
    expect(topic.last).toEqual({ load: { data: 1, timestamp: TIMESTAMP } });
    network.socket.say(published("load", 2), published("heat", { core: 3 }));
    expect(events).toEqual([
      ["load", 2],
      ["heat", { core: 3 }],
    ]);
    expect(topic.last).toEqual({
      load: { data: 2, timestamp: TIMESTAMP },
      heat: { data: { core: 3 }, timestamp: TIMESTAMP },
    });
  });

  it("catches up with what was published meanwhile", async () => {
    const { clock, events, greet, network, topic } = await topicScene();
    await greet({ last: { load: { data: 1, timestamp: TIMESTAMP } } });
    network.socket.close(1012);
    await clock.advance(2_000);
    await greet({ recovered: true, last: { load: { data: 9, timestamp: TIMESTAMP } } });
    expect(topic.last["load"]?.data).toBe(9);
    expect(events).toEqual([]);
  });

  it("knows by polling too what was published between two polls, and what was removed", async () => {
    const value = (data: number) => ({ data, timestamp: TIMESTAMP });
    const answers: ((body: object) => void)[] = [];
    const { clock, network, topic } = await topicScene({}, "poll");
    network.respond = () =>
      new Promise((resolve) =>
        answers.push((body) => resolve({ status: 200, json: async () => body })),
      );
    await clock.advance(1_000);
    const told: unknown[] = [];
    topic.on("last", (last) =>
      told.push(Object.entries(last).map(([event, { data }]) => [event, data])),
    );
    const tell = async (last: object, ...events: readonly object[]) => {
      await settle();
      answers.at(-1)?.({ events, epoch: "e1", seq: 0, recovered: true, last });
      await settle();
    };
    await tell({ load: value(1), fan: value(1) });
    await tell({ load: value(2), fan: value(1) }, published("load", 2));
    await tell({ load: value(3) });
    expect(topic.last).toEqual({ load: value(3) });
    expect(told).toEqual([
      [
        ["load", 1],
        ["fan", 1],
      ],
      [
        ["fan", 1],
        ["load", 2],
      ],
      [["load", 3]],
    ]);
  });

  it("has what who greets has, and no value that was removed meanwhile", async () => {
    const { clock, greet, network, topic } = await topicScene();
    await greet({ last: { load: { data: 1, timestamp: TIMESTAMP } } });
    network.socket.close(1012);
    await clock.advance(2_000);
    await greet({ recovered: true, last: {} });
    expect(Object.keys(topic.last)).toEqual([]);
    network.socket.close(1012);
    await clock.advance(2_000);
    await greet({ epoch: "e2", last: { heat: { data: 2, timestamp: TIMESTAMP } } });
    expect(Object.keys(topic.last)).toEqual(["heat"]);
  });

  it("publishes, and asks for conflation only when told to", async () => {
    const { greet, network, topic } = await topicScene();
    expect(topic.publish("load", 1)).toBe(false);
    await greet();
    expect(topic.publish("load", 1)).toBe(true);
    topic.publish("load", 2, { conflate: true });
    await settle();
    expect(network.socket.of("publish").map(({ payload }) => payload)).toEqual([
      { event: "load", data: 1 },
      { event: "load", data: 2, conflate: true },
    ]);
  });

  it("is told of a refusal", async () => {
    const { greet, network, topic } = await topicScene();
    const errors: unknown[] = [];
    topic.on("error", ({ code }) => errors.push(code));
    await greet();
    network.socket.say(frame("error", { code: "access_denied", message: "no", retryable: false }));
    expect(errors).toEqual(["access_denied"]);
  });

  it.each([undefined, { load: { data: 1 } }, [], 1])(
    "takes no greeting whose last values are %j",
    async (last) => {
      const { greet, topic } = await topicScene();
      await greet({ last });
      expect(topic.status).toBe("reconnecting");
    },
  );

  it("keeps what one published oneself as the last value, where the token allows it", async () => {
    const { greet, network, topic } = await topicScene({ "topic:*": ["read", "publish"] });
    await greet();
    const told: unknown[] = [];
    topic.on("last", (last) => told.push(last["load"]?.data));
    expect(topic.publish("load", 7)).toBe(true);
    expect(topic.last["load"]).toEqual({ data: 7, timestamp: TIMESTAMP });
    network.socket.say(published("load", 8));
    expect(told).toEqual([7, 8]);
  });

  it("keeps what was published before there was a token, once it goes out", async () => {
    const { greet, network, topic } = await topicScene({ "topic:*": ["read", "publish"] });
    expect(topic.publish("load", 1, { conflate: true })).toBe(true);
    expect(topic.last).toEqual({});
    await greet();
    expect(network.socket.of("publish")).toHaveLength(1);
    expect(topic.last["load"]?.data).toBe(1);
  });

  it("keeps the last 64 events' values", async () => {
    const { greet, network, topic } = await topicScene();
    await greet();
    for (let n = 0; n < 70; n += 1) network.socket.say(published(`e${n}`, n));
    expect(Object.keys(topic.last)).toHaveLength(64);
    expect(topic.last["e69"]?.data).toBe(69);
  });

  it("keeps nothing that the token does not let one publish", async () => {
    const { greet, topic } = await topicScene({ "topic:*": ["read"] });
    await greet();
    topic.publish("load", 7);
    expect(topic.last).toEqual({});
  });

  it("ends with its client", async () => {
    const { client, greet, network, topic } = await topicScene();
    await greet();
    const closed = client.close();
    network.socket.close(1000);
    await closed;
    expect(topic.status).toBe("closed");
  });
});
