import { afterEach, describe, expect, it } from "vitest";
import { shippedBundle } from "../support/machine/bundle.ts";
import { releaseBundle } from "../support/machine/release.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { ask, askJson } from "./support/asking.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { readEveryWay } from "./support/every-way.ts";
import { Sender } from "./support/sender.ts";
import { seqsTo } from "./support/seqs-to.ts";
import { until } from "./support/until.ts";

const ALL = 200;
const EACH = 50;
const NOTICE_TRIES = 100;

let server: BareServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

describe.each([
  { worker: "release 0.1.0", room: "this tree" },
  { worker: "this tree", room: "release 0.1.0" },
])("the Worker of $worker before the rooms of $room", ({ worker, room }) => {
  it("reads every seq once, whichever way", async () => {
    server = await split(worker, room);
    const { seen, counts } = await readEveryWay(server, "gradual", ALL);
    console.log(JSON.stringify({ test: "gradual-deployment", worker, room, ...counts }));
    expect(seen).toEqual(seqsTo(ALL));
  });

  it("keeps every acked message once over a restart, and resumes", async () => {
    server = await split(worker, room);
    const { url, port } = server;
    const senders = ["ada", "ben"].map((user) => {
      const ids = Array.from({ length: EACH }, (_, i) => `${user}-${i}`);
      const token = tokenFor(user, SECRETS.AUTH_SECRET);
      return new Sender(`ws://127.0.0.1:${port}/v1/rooms/gradual/ws`, token, ids);
    });
    await Promise.all(senders.map((sender) => sender.connect()));
    await until(() => senders.every(({ acked }) => acked.size >= EACH / 2));
    await server.kill();
    for (const sender of senders) sender.drop();
    await server.up();
    await Promise.all(senders.map((sender) => sender.connect()));
    await until(() => senders.every(({ isDone, head }) => isDone && head >= senders.length * EACH));

    const stored = (await new Backend(url, "gradual").history()).map(({ seq }) => seq);
    expect(stored).toEqual(seqsTo(senders.length * EACH));
    for (const { recoveries, contradictions } of senders) {
      expect({ recoveries, contradictions }).toEqual({ recoveries: 1, contradictions: [] });
    }
  });

  it("takes every request over HTTP, and brings a mention to its inbox", async () => {
    server = await split(worker, room);
    const asked = await askEverything(server.url);
    expect(asked).toEqual({
      ben: 201,
      message: 201,
      again: 200,
      edit: 200,
      reaction: 200,
      read: 204,
      publish: 202,
      users: 200,
      messages: 200,
      stats: 200,
      notification: 201,
      kick: 200,
      unban: 204,
      deletion: 200,
    });
    expect(await noticesOf(server.url, "ben")).toEqual(["mention"]);
  });
});

it("answers what rooms of release 0.1.0 do not know yet with the deployment that is under way", async () => {
  server = await split("this tree", "release 0.1.0");
  const room = `${server.url}/v1/rooms/gradual`;
  expect((await ask(`${room}/messages?as=ada`, "POST", { content: "kept" }, "m-1")).status).toBe(
    201,
  );
  const asked: readonly (readonly [string, string])[] = [
    ["DELETE", room],
    ["GET", `${room}/export`],
    ["POST", `${server.url}/v1/rooms/other/import`],
    ["DELETE", `${server.url}/v1/rooms/topic:t/last/price`],
  ];
  for (const [method, url] of asked) {
    const answer = await ask(url, method, method === "POST" ? {} : undefined);
    expect([method, answer.status, answer.headers.get("Retry-After")]).toEqual([method, 500, "5"]);
    expect(await answer.json()).toMatchObject({
      error: {
        code: "internal",
        retryable: true,
        retryAfterMs: 5_000,
        message: expect.stringContaining("deployment is under way"),
      },
    });
  }
  expect(await new Backend(server.url, "gradual").history()).toHaveLength(1);
});

async function split(worker: string, room: string): Promise<BareServer> {
  return BareServer.start({}, { bundle: await bundle(worker), objectsBundle: await bundle(room) });
}

async function bundle(name: string): Promise<string> {
  return name === "this tree" ? shippedBundle() : releaseBundle();
}

/** Every kind of request to a room that release 0.1.0 knows, with the status that answered it. */
async function askEverything(url: string): Promise<Readonly<Record<string, number>>> {
  const room = `${url}/v1/rooms/gradual`;
  const say = (as: string, content: string, more = {}) =>
    ask(`${room}/messages?as=${as}`, "POST", { content, ...more }, `${as}-1`);
  const statuses: Record<string, number> = {};
  const note = (name: string, { status }: Response) => {
    statuses[name] = status;
  };
  note("ben", await say("ben", "Here I am"));
  note("message", await say("ada", "Hello", { mentions: ["ben"] }));
  note("again", await say("ada", "Hello", { mentions: ["ben"] }));
  note("edit", await ask(`${room}/messages/2?as=ada`, "PATCH", { content: "Hello again" }));
  note("reaction", await ask(`${room}/messages/2/reactions?as=ben`, "POST", { emoji: "👋" }));
  note("read", await ask(`${room}/read?as=ben`, "POST", { upTo: 2 }));
  note("publish", await ask(`${room}/publish`, "POST", { event: "tick", data: 1 }));
  note("users", await ask(`${room}/users`, "GET"));
  note("messages", await ask(`${room}/messages`, "GET"));
  note("stats", await ask(`${room}/stats`, "GET"));
  const notification = { type: "invoice", title: "Invoice 7 is paid" };
  note("notification", await ask(`${url}/v1/users/cleo/notifications`, "POST", notification));
  note("kick", await ask(`${room}/users/ben?ban=60`, "DELETE"));
  note("unban", await ask(`${room}/bans/ben`, "DELETE"));
  note("deletion", await ask(`${room}/messages/2`, "DELETE"));
  return statuses;
}

/** The types of somebody's notices, once there are any; none after some seconds. */
async function noticesOf(url: string, userId: string): Promise<readonly string[]> {
  for (let tries = 0; tries < NOTICE_TRIES; tries++) {
    const { notifications } = await askJson<{ notifications: { type: string }[] }>(
      `${url}/v1/users/${userId}/notifications`,
    );
    if (notifications.length > 0) return notifications.map(({ type }) => type);
    await pause(100);
  }
  return [];
}
