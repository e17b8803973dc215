import { describe, expect, it } from "vitest";
import { RealtimeClient } from "../../../src/client/client.ts";
// Fetched when it is needed, which takes real time the first time.
import "../../../src/client/other-kinds.ts";
import { FakeNetwork } from "./support/fake-network.ts";
import { ManualClock, settle } from "./support/manual-clock.ts";
import { frame, joined } from "./support/scene.ts";

const TIMESTAMP = "2026-01-01T00:00:00.000Z";

async function topicScene(rooms: object = {}) {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const { environment } = network;
  const client = new RealtimeClient({
    url: "https://edge.example",
    token: granting(rooms),
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
