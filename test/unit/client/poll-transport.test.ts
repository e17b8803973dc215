import { describe, expect, it } from "vitest";
import "../../../src/client/http-transports.ts";
import { opened } from "./support/channel-scene.ts";
import { answer, type FakeHttp, never, refusal } from "./support/fake-http.ts";
import type { FakeResponse } from "./support/fake-network.ts";
import { settle } from "./support/manual-clock.ts";
import { jwt, message, newMessage } from "./support/scene.ts";

const NEW_TOKEN = jwt(Date.parse("2030-01-02T00:00:00Z"), "new");

const PAGE = { epoch: "e1", seq: 7, hasMore: false };

function quiet(fake: FakeHttp) {
  fake.on(/poll$/, never);
  fake.on(/users$/, () => answer(200, { users: [{ userId: "bob", name: "Bob" }] }));
  fake.on(/messages$/, () =>
    answer(200, { ...PAGE, messages: [message(5), { seq: 6, deleted: true }, message(7)] }),
  );
}

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
    const { frames, network } = await opened("poll", { wants: { history: 10 } }, (fake) => {
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
    const { frames, network } = await opened("poll", { wants: { history: 0 } }, quiet);
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

  it("tells which of a topic's newest values have changed since the poll before, and which are gone", async () => {
    const value = (data: number) => ({ data, timestamp: `2026-01-01T00:00:0${data}.000Z` });
    const answers: ((response: FakeResponse) => void)[] = [];
    const { frames, told } = await opened("poll", { room: "topic:cpu" }, (fake) =>
      fake.on(/poll$/, () => new Promise((resolve) => answers.push(resolve))),
    );
    const tell = async (last: object | undefined, ...events: readonly object[]) => {
      answers.at(-1)?.(answer(200, { events, epoch: "e1", seq: 0, recovered: true, last }));
      await settle();
    };
    await tell({ load: value(1), heat: value(1), fan: value(1) });
    await tell({ load: value(1), heat: value(2) });
    expect(told).toEqual(["joined_room", "last"]);
    expect(frames.at(-1)).toEqual({
      type: "last",
      changed: new Map([
        ["heat", value(2)],
        ["fan", undefined],
      ]),
    });
    // An older server's long polls tell none; what was known is what the next is held against.
    await tell(undefined);
    await tell({ load: value(1), heat: value(2) });
    expect(told).toHaveLength(2);
  });

  it("starts anew when its cursor is of no use, and when it becomes so", async () => {
    const { told } = await opened("poll", { cursor: { seq: 1, epoch: "old" } }, (fake) => {
      quiet(fake);
      fake.on(/poll$/, () => answer(200, { events: [], epoch: "e1", seq: 7, recovered: false }));
    });
    // The greeting is a new start; the poll after it loses the thread and ends the channel.
    expect(told).toEqual(["joined_room", 1012]);
  });

  it("takes a breath when something on the way cuts polls short, and none once it is closed", async () => {
    const { channel, clock, network } = await opened("poll", {}, (fake) => {
      quiet(fake);
      fake.on(/poll$/, () => answer(200, { events: [], epoch: "e1", seq: 7, recovered: true }));
    });
    await clock.advance(5_000);
    expect(network.requests.filter(({ url }) => url.pathname.endsWith("poll"))).toHaveLength(6);
    channel.close(1000, "");
    await settle();
    expect(clock.pending).toBe(0);
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
