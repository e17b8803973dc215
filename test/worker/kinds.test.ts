import { describe, expect, it } from "vitest";
import { EventReader } from "./support/event-reader.ts";
import { call } from "./support/http.ts";
import type { Seen } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

interface Page {
  readonly events: readonly Seen[];
  readonly epoch: string;
  readonly seq: number;
}

describe("an inbox", () => {
  it("is streamed and polled with the cursor that every room has", async () => {
    const user = `ada-${crypto.randomUUID()}`;
    const ada = await EventReader.open(`user:${user}`, user);
    expect(ada.joined).toMatchObject({ unread: 0, seq: 0 });
    const notified = await call("POST", `/v1/users/${user}/notifications`, {
      body: { type: "order", title: "Shipped" },
    });
    expect(notified.status).toBe(201);
    await ada.see("notification");
    const { epoch } = ada.joined;
    expect(ada.parser.events.at(-1)).toMatchObject({ event: "notification", id: `${epoch}:1` });
    const auth = await tokenFor(user);
    for (const wait of [0, 5]) {
      const query = `since=0&epoch=${epoch}&wait=${wait}`;
      const response = await call("GET", `/v1/rooms/user:${user}/poll?${query}`, { auth });
      const page = await response.json<Page>();
      expect(page).toMatchObject({ seq: 1, events: [{ type: "notification", seq: 1 }] });
    }
  });
});

describe("a topic", () => {
  it("is streamed with its last values first, and polled as things are published", async () => {
    const topic = `topic:${crypto.randomUUID()}`;
    const publish = (data: number) =>
      call("POST", `/v1/rooms/${topic}/publish`, { body: { event: "cpu", data } });
    await publish(1);
    const ada = await EventReader.open(topic, "ada");
    expect(ada.joined.last).toMatchObject({ cpu: { data: 1 } });
    const answer = call("GET", `/v1/rooms/${topic}/poll?wait=10`, { auth: await tokenFor("ben") });
    // A publication before the poll is held would not be its to tell.
    for (let tries = 0; tries < 20; tries++) {
      await publish(2);
      const done = await Promise.race([answer.then(() => true), pause(50).then(() => false)]);
      if (done) break;
    }
    const page = await (await answer).json<Page>();
    expect(page.events[0]).toMatchObject({ type: "event", payload: { event: "cpu", data: 2 } });
    const short = await call("GET", `/v1/rooms/${topic}/poll`, { auth: await tokenFor("ben") });
    expect(await short.json()).toMatchObject({ events: [], last: { cpu: { data: 2 } } });
    await ada.see("event");
    expect(ada.frames.find(({ type }) => type === "event")?.payload.data).toBe(2);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
