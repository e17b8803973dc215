import { describe, expect, it } from "vitest";
import { Address } from "../../../src/client/address.ts";
import type { IncomingFrame } from "../../../src/client/frame-reader.ts";
import "../../../src/client/http-transports.ts";
import type { TransportName, Visit } from "../../../src/client/transport.ts";
import { transportOf } from "../../../src/client/transport-option.ts";
import type { ClientFrame } from "../../../src/protocol/client-frame.ts";
import { answer, FakeHttp, FakeStream, never, refusal } from "./support/fake-http.ts";
import { FakeNetwork, type FakeResponse } from "./support/fake-network.ts";
import { loaded } from "./support/loaded.ts";
import { ManualClock, settle } from "./support/manual-clock.ts";
import { frame, joined, jwt, message, newMessage } from "./support/scene.ts";

const TOKEN = jwt(Date.parse("2030-01-01T00:00:00Z"));

async function opened(
  name: TransportName,
  visit: Partial<Visit> = {},
  prepare = (_: FakeHttp) => {},
) {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const http = new FakeHttp(network);
  const streams: FakeStream[] = [];
  http.on(/^GET .*\/events$/, ({ signal }) => {
    const stream = new FakeStream(signal);
    streams.push(stream);
    return stream.response;
  });
  prepare(http);
  const { environment } = network;
  const address = new Address("https://edge.example");
  const transport = await loaded(transportOf(name, "json", { environment, address }));
  const frames: IncomingFrame[] = [];
  const told: (string | number)[] = [];
  let signs = 0;
  const whole = { room: "general", token: TOKEN, cursor: undefined, history: undefined, ...visit };
  const channel = transport.open(whole, {
    received: (received) => {
      signs += 1;
      frames.push(...received);
      told.push(...received.map(({ type }) => type));
    },
    closed: (code) => told.push(code),
  });
  await settle();
  const send = async (sent: object) => {
    channel.send(sent as ClientFrame, 65_536);
    await settle();
  };
  return {
    clock,
    network,
    http,
    channel,
    frames,
    told,
    send,
    signs: () => signs,
    stream: () => streams.at(-1) as FakeStream,
  };
}

async function greeted(prepare = (_: FakeHttp) => {}) {
  const scene = await opened("sse", {}, prepare);
  scene.stream().say(joined());
  await settle();
  return scene;
}

function sendMessage(messageId: string) {
  return { type: "send_message", messageId, payload: { content: messageId } };
}

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

describe("Server-Sent Events", () => {
  it("takes a comment for a sign of life", async () => {
    const { signs, stream, told } = await greeted();
    const before = signs();
    stream().text(":\n\n");
    await settle();
    expect(signs()).toBe(before + 1);
    expect(told).toEqual(["joined_room"]);
  });

  it("reads text that is cut within a letter", async () => {
    const { frames, stream } = await greeted();
    const bytes = new TextEncoder().encode(
      `data: ${JSON.stringify({ ...newMessage(1), payload: { ...message(1), content: "👍" } })}\n\n`,
    );
    for (const byte of bytes) stream().bytes(Uint8Array.of(byte));
    await settle();
    expect(frames.at(-1)).toMatchObject({ payload: { content: "👍" } });
  });

  it.each([
    ["token_expired", 4401],
    ["banned", 4403],
    ["too_many_connections", 4429],
    ["internal", 1011],
  ])("takes its last word %s for the reason of its end", async (code, close) => {
    const { stream, told } = await greeted();
    stream().say(frame("error", { code, message: "no", retryable: false }));
    stream().end();
    await settle();
    expect(told).toEqual(["joined_room", "error", close]);
  });

  it("ends with 1006 when something else was its last word", async () => {
    const { stream, told } = await greeted();
    stream().say(
      frame("error", { code: "internal", message: "no", retryable: true }),
      newMessage(1),
    );
    stream().end();
    await settle();
    expect(told.at(-1)).toBe(1006);
  });

  it.each([
    ["is no stream", { headers: { get: () => "text/html" } }],
    ["has no body to read from", { body: null }],
    ["is a proxy's", { status: 502 }],
  ])("ends with 1006 when the answer %s", async (_, broken) => {
    const { told } = await opened("sse", {}, (fake) =>
      fake.on(/events$/, ({ signal }) => ({ ...new FakeStream(signal).response, ...broken })),
    );
    expect(told).toEqual([1006]);
  });
});

const NEW_TOKEN = jwt(Date.parse("2030-01-02T00:00:00Z"), "new");
const PAGE = { epoch: "e1", seq: 7, hasMore: false };

function quiet(fake: FakeHttp) {
  fake.on(/poll$/, never);
  fake.on(/users$/, () => answer(200, { users: [{ userId: "bob", name: "Bob" }] }));
  fake.on(/messages$/, () =>
    answer(200, { ...PAGE, messages: [message(5), { seq: 6, deleted: true }, message(7)] }),
  );
}

describe("a probe", () => {
  it("reads anew from where it is, and takes the old stream's place without a repeat or a gap", async () => {
    const { channel, network, stream, told } = await greeted();
    const old = stream();
    old.say(newMessage(1));
    await settle();
    channel.probe();
    await settle();
    const fresh = stream();
    expect(network.requests.at(-1)?.url.searchParams.get("since")).toBe("1");
    expect(old.isAborted).toBe(false);
    fresh.say(joined({ recovered: true, seq: 2 }), newMessage(2));
    await settle();
    expect(old.isAborted).toBe(true);
    expect(told).toEqual(["joined_room", "new_message", "joined_room", "new_message"]);
    fresh.end();
    await settle();
    expect(told.at(-1)).toBe(1006);
  });

  it("that fails ends nothing by itself", async () => {
    const { channel, stream, told } = await greeted();
    const old = stream();
    channel.probe();
    await settle();
    stream().end();
    await settle();
    old.say(newMessage(1));
    await settle();
    expect(told).toEqual(["joined_room", "new_message"]);
  });

  it("that finds the thread lost comes back for what was missed", async () => {
    const { channel, stream, told } = await greeted();
    channel.probe();
    await settle();
    stream().say(joined({ recovered: false, seq: 9_000 }));
    await settle();
    expect(told).toEqual(["joined_room", 1012]);
  });

  it("says by a request when it was first sent", async () => {
    const { network, http, send } = await greeted();
    http.on(/^POST/, () => answer(201, { savedId: 3 }));
    await send({ ...sendMessage("m1"), sentAt: 2 });
    expect(network.requests.at(-1)?.url.search).toBe("?sentAt=2");
  });
});

describe("polling", () => {
  it("greets with who is here and what was said, and goes on from there", async () => {
    const { frames, network } = await opened("poll", {}, quiet);
    expect(frames).toMatchObject([
      {
        type: "joined_room",
        payload: {
          userId: "ann",
          epoch: "e1",
          seq: 7,
          users: [{ userId: "bob", name: "Bob" }],
          reads: {},
          recovered: false,
        },
      },
    ]);
    const [greeting] = frames;
    expect(greeting?.type === "joined_room" && greeting.payload.history).toEqual([
      message(5),
      message(7),
    ]);
    expect(network.requests.at(-1)?.url.search).toBe("?since=7&epoch=e1&wait=20");
  });

  it("greets with as much history as a WebSocket would, though the newest were deleted", async () => {
    const all = Array.from({ length: 20 }, (_, n) =>
      n < 8 ? message(n + 1) : { seq: n + 1, deleted: true },
    );
    const { frames, network } = await opened("poll", { history: 10 }, (fake) => {
      quiet(fake);
      fake.on(/messages$/, ({ url }) => {
        const before = Number(url.searchParams.get("before") ?? 21);
        // Pages may end early.
        const messages = all.slice(Math.max(0, before - 1 - 7), before - 1);
        return answer(200, { messages, epoch: "e1", seq: 20, hasMore: messages[0]?.seq !== 1 });
      });
    });
    await settle();
    const [greeting] = frames;
    expect(greeting?.type === "joined_room" && greeting.payload).toMatchObject({
      seq: 20,
      history: all.slice(0, 8),
    });
    expect(network.requests.filter(({ url }) => /messages$/.test(url.pathname))).toHaveLength(3);
  });

  it("greets without history when none is wanted", async () => {
    const { frames, network } = await opened("poll", { history: 0 }, quiet);
    expect(frames[0]).toMatchObject({ payload: { history: [], seq: 7 } });
    expect(network.requests[0]?.url.search).toBe("?limit=1");
  });

  it("greets in an inbox with its notifications and their count", async () => {
    const list = [{ seq: 7, id: "n", type: "t", title: "x", timestamp: "2026", read: false }];
    const { frames, network } = await opened("poll", { room: "user:ann" }, (fake) => {
      quiet(fake);
      fake.on(/notifications$/, () => answer(200, { ...PAGE, notifications: list, unread: 3 }));
    });
    expect(network.requests[0]?.url.pathname).toBe("/v1/users/ann/notifications");
    expect(frames[0]).toMatchObject({ payload: { history: list, unread: 3, seq: 7 } });
  });

  it("counts an inbox anew when it resumes", async () => {
    const { frames } = await opened(
      "poll",
      { room: "user:ann", cursor: { seq: 6, epoch: "e1" } },
      (fake) => {
        quiet(fake);
        fake.on(/poll$/, ({ url }) =>
          url.searchParams.get("wait") === "0"
            ? answer(200, { events: [], epoch: "e1", seq: 6, recovered: true })
            : never({ signal: new AbortController().signal } as never),
        );
        fake.on(/notifications$/, () => answer(200, { ...PAGE, notifications: [], unread: 3 }));
      },
    );
    expect(frames[0]).toMatchObject({ payload: { recovered: true, unread: 3, seq: 7 } });
  });

  it("greets in a topic without values, for no request tells them", async () => {
    const { frames } = await opened("poll", { room: "topic:cpu" }, (fake) =>
      fake.on(/poll$/, ({ url }) =>
        url.searchParams.get("wait") === "0"
          ? answer(200, { events: [], epoch: "e1", seq: 0, recovered: false })
          : never({ signal: new AbortController().signal } as never),
      ),
    );
    expect(frames[0]).toMatchObject({ payload: { roomId: "topic:cpu", last: {}, seq: 0 } });
  });

  it("starts anew when its cursor is of no use, and when it becomes so", async () => {
    const { told } = await opened("poll", { cursor: { seq: 1, epoch: "old" } }, (fake) => {
      quiet(fake);
      fake.on(/poll$/, () => answer(200, { events: [], epoch: "e1", seq: 7, recovered: false }));
    });
    // The greeting is a new start; the poll after it loses the thread and ends the channel.
    expect(told).toEqual(["joined_room", 1012]);
  });

  it("takes a breath when something on the way cuts polls short", async () => {
    const { clock, network } = await opened("poll", {}, (fake) => {
      quiet(fake);
      fake.on(/poll$/, () => answer(200, { events: [], epoch: "e1", seq: 7, recovered: true }));
    });
    await clock.advance(5_000);
    expect(network.requests.filter(({ url }) => url.pathname.endsWith("poll"))).toHaveLength(6);
  });

  it("uses a renewed token for the next poll", async () => {
    const answers: ((response: FakeResponse) => void)[] = [];
    const { frames, network, send } = await opened("poll", {}, (fake) => {
      quiet(fake);
      fake.on(/poll$/, () => new Promise((resolve) => answers.push(resolve)));
    });
    await send({ type: "refresh_token", payload: { token: NEW_TOKEN } });
    expect(frames.at(-1)).toMatchObject({
      type: "token_refreshed",
      payload: { expiresAt: "2030-01-02T00:00:00.000Z" },
    });
    answers[0]?.(answer(200, { events: [newMessage(8)], epoch: "e1", seq: 8, recovered: true }));
    await settle();
    expect(network.requests.at(-1)).toMatchObject({ authorization: `Bearer ${NEW_TOKEN}` });
    expect(network.requests.at(-1)?.url.searchParams.get("since")).toBe("8");
  });

  it("goes on with a renewed token when the old one ends while a poll waits", async () => {
    const answers: ((response: FakeResponse) => void)[] = [];
    const { send, told } = await opened("poll", {}, (fake) => {
      quiet(fake);
      fake.on(/poll$/, () => new Promise((resolve) => answers.push(resolve)));
    });
    await send({ type: "refresh_token", payload: { token: NEW_TOKEN } });
    answers[0]?.(refusal(401, "token_expired"));
    await settle();
    answers[1]?.(answer(200, { events: [newMessage(8)], epoch: "e1", seq: 8, recovered: true }));
    await settle();
    expect(told).toEqual(["joined_room", "token_refreshed", "new_message"]);
    answers[2]?.(refusal(401, "token_expired"));
    await settle();
    expect(told.slice(3)).toEqual(["error", 4401]);
  });

  it("ends with 1006 when a poll is not answered in time, or not by Hibiki", async () => {
    const late = await opened("poll", {}, quiet);
    await late.clock.advance(30_000);
    expect(late.told).toEqual(["joined_room", 1006]);
    const odd = await opened("poll", {}, (fake) => {
      quiet(fake);
      fake.on(/poll$/, () => answer(200, { hello: "world" }));
    });
    expect(odd.told).toEqual(["joined_room", 1006]);
  });
});
