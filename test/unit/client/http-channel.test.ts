import { describe, expect, it } from "vitest";
import "../../../src/client/http-transports.ts";
import type { ClientFrame } from "../../../src/protocol/client-frame.ts";
import { greeted, sendMessage } from "./support/channel-scene.ts";
import { answer, never, refusal } from "./support/fake-http.ts";
import type { FakeResponse } from "./support/fake-network.ts";
import { settle } from "./support/manual-clock.ts";
import { frame } from "./support/scene.ts";

describe("saying over HTTP", () => {
  it("puts the messageId where the server takes it for the key, whatever is in it", async () => {
    const { http, send } = await greeted((fake) =>
      fake.on(/^POST/, () => answer(201, { savedId: 1 })),
    );
    await send(sendMessage("m1"));
    await send(sendMessage("日本 1"));
    expect(http.said.map(({ key, body }) => [key, body])).toEqual([
      ["m1", { content: "m1" }],
      [undefined, { content: "日本 1", messageId: "日本 1" }],
    ]);
  });

  it("says what is stored before what may be lost, one thing after the other", async () => {
    const answers: (() => void)[] = [];
    const { http, send, told } = await greeted((fake) =>
      fake.on(/^POST/, () => {
        return new Promise((resolve) => {
          answers.push(() => resolve(answer(201, { savedId: 1 })));
        });
      }),
    );
    await send(sendMessage("m1"));
    await send({ type: "publish", payload: { event: "e", data: 1 } });
    await send(sendMessage("m2"));
    expect(http.said).toHaveLength(1);
    answers[0]?.();
    await settle();
    answers[1]?.();
    await settle();
    expect(http.said.map(({ url }) => url.pathname.split("/").at(-1))).toEqual([
      "messages",
      "messages",
      "publish",
    ]);
    expect(told).toEqual(["joined_room", "ack", "ack"]);
  });

  it("says the newest of what conflates when nothing else waits", async () => {
    const answers: (() => void)[] = [];
    const { http, send } = await greeted((fake) =>
      fake.on(/^POST/, () => {
        return new Promise((resolve) => {
          answers.push(() => resolve(answer(201, { savedId: 1 })));
        });
      }),
    );
    for (let data = 0; data < 500; data += 1) {
      await send({ type: "publish", payload: { event: "e", data, conflate: true } });
    }
    await send(sendMessage("m1"));
    for (let answered = 0; answered < 3; answered += 1) {
      answers[answered]?.();
      await settle();
    }
    expect(http.said.map(({ body }) => body)).toEqual([
      { event: "e", data: 0, conflate: true },
      { content: "m1" },
      { event: "e", data: 499, conflate: true },
    ]);
  });

  it("says that a frame is lost for which there is no room", async () => {
    const { channel } = await greeted((fake) => fake.on(/^POST/, never));
    const frame: ClientFrame = { type: "publish", payload: { event: "e", data: 1 } };
    const said = Array.from({ length: 102 }, () => channel.send(frame, 65_536));
    expect(said.slice(100)).toEqual(["sent", "busy"]);
  });

  it("does not say again what still waits for its turn", async () => {
    const { clock, http, send } = await greeted((fake) => fake.on(/^POST/, never));
    for (const messageId of ["m1", "m2", "m2", "m1"]) await send(sendMessage(messageId));
    await clock.advance(60_000);
    expect(http.said.map(({ key }) => key)).toEqual(["m1", "m2"]);
  });

  const NO_ANSWERS: readonly (readonly [string, () => FakeResponse])[] = [
    ["a proxy's error", () => answer(502)],
    ["a page", () => answer(200)],
    ["JSON of somebody else", () => answer(200, { ok: true })],
    [
      "a broken network",
      () => {
        throw new Error("broken");
      },
    ],
  ];
  it.each(NO_ANSWERS)("takes %s for no answer at all, and goes on", async (_, respond) => {
    const { told, send } = await greeted((fake) => fake.on(/^POST/, respond));
    await send(sendMessage("m1"));
    expect(told).toEqual(["joined_room"]);
  });

  it("gives up on an answer after ten seconds, and says what waits", async () => {
    const { clock, http, send, told } = await greeted((fake) => fake.on(/^POST/, never));
    await send(sendMessage("m1"));
    await send(sendMessage("m2"));
    await clock.advance(10_000);
    expect(http.said.map(({ key }) => key)).toEqual(["m1", "m2"]);
    expect(told).toEqual(["joined_room"]);
  });

  it("tells a duplicate, and how long to wait after a refusal", async () => {
    const { frames, http, send } = await greeted((fake) =>
      fake.on(/^POST/, () => answer(200, { savedId: 4, duplicate: true })),
    );
    await send(sendMessage("m1"));
    expect(frames.at(-1)).toMatchObject({ payload: { savedId: 4, duplicate: true } });
    http.on(/^POST/, () => refusal(429, "rate_limited", { retryable: true, retryAfterMs: 70 }));
    await send(sendMessage("m2"));
    expect(frames.at(-1)).toMatchObject({
      messageId: "m2",
      payload: { success: false, error: { code: "rate_limited", retryAfterMs: 70 } },
    });
  });

  it("brings a refusal of what had no messageId as an error", async () => {
    const { frames, send } = await greeted((fake) =>
      fake.on(/^POST/, () => refusal(403, "access_denied")),
    );
    await send({ type: "publish", payload: { event: "e", data: 1 } });
    expect(frames.at(-1)).toMatchObject({ type: "error", payload: { code: "access_denied" } });
  });

  it("ends when the token is refused, so that a new one is asked for", async () => {
    const { send, stream, told } = await greeted((fake) =>
      fake.on(/^POST/, () => refusal(401, "token_expired")),
    );
    await send(sendMessage("m1"));
    expect(told).toEqual(["joined_room", "error", 4401]);
    expect(stream().isAborted).toBe(true);
  });

  it("uses a renewed token from then on", async () => {
    const { http, send } = await greeted((fake) =>
      fake.on(/^POST/, () => answer(201, { savedId: 1 })),
    );
    await send({ type: "refresh_token", payload: { token: "new" } });
    await send(sendMessage("m1"));
    expect(http.said.map(({ authorization }) => authorization)).toEqual(["Bearer new"]);
  });

  it.each([
    ["read_messages", { upTo: 3 }],
    ["read_notifications", { ids: [3] }],
  ])("says %s again when nobody answers, for nobody waits for it", async (type, payload) => {
    const { clock, http, send } = await greeted((fake) => fake.on(/^POST/, () => answer(502)));
    await send({ type, payload });
    await clock.advance(1_000);
    http.on(/^POST/, () => answer(204));
    await clock.advance(60_000);
    expect(http.said.map(({ body }) => body)).toEqual([payload, payload, payload]);
  });

  it.each(["typing_start", "typing_end", "leave_room", "ping"])("does not say %s", async (type) => {
    const { http, send } = await greeted();
    await send({ type });
    expect(http.said).toEqual([]);
  });

  it("gets what was said before the goodbye to the server", async () => {
    let resolve = (_: FakeResponse) => {};
    const { channel, send, told } = await greeted((fake) =>
      fake.on(/^POST/, ({ signal }) => {
        expect(signal.aborted).toBe(false);
        return new Promise((done) => {
          resolve = done;
        });
      }),
    );
    await send({ type: "publish", payload: { event: "bye", data: 1 } });
    channel.close(1000, "");
    await settle();
    expect(told).toEqual(["joined_room"]);
    resolve(answer(202, { delivered: 1 }));
    await settle();
    expect(told).toEqual(["joined_room", 1000]);
  });
});

describe("one's own echo", () => {
  const published = (data: number, userId = "ann") => frame("event", { event: "e", data, userId });

  it("is not heard, but for what another tab or person said", async () => {
    const { frames, send, stream } = await greeted((fake) =>
      fake.on(/^POST/, () => answer(202, { delivered: 1 })),
    );
    await send({ type: "publish", payload: { event: "e", data: 1 } });
    stream().say(published(2), published(1, "bob"), published(1), published(1));
    await settle();
    expect(frames.slice(1).map((one) => "payload" in one && one.payload)).toEqual([
      { event: "e", data: 2, userId: "ann" },
      { event: "e", data: 1, userId: "bob" },
      { event: "e", data: 1, userId: "ann" },
    ]);
  });

  it("is not waited for longer than ten seconds", async () => {
    const { clock, send, stream, told } = await greeted((fake) =>
      fake.on(/^POST/, () => answer(202, { delivered: 1 })),
    );
    await send({ type: "publish", payload: { event: "e", data: 1 } });
    await clock.advance(10_000);
    stream().say(published(1));
    await settle();
    expect(told).toEqual(["joined_room", "event"]);
  });
});
