import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { releaseBundle } from "../support/machine/release.ts";
import { ask, askJson } from "./support/asking.ts";
import { BareServer } from "./support/bare-server.ts";

const MESSAGES = 120;
/** Somewhere in the middle of what happened: who stood there is owed the rest. */
const SINCE = 40;

interface Poll {
  readonly epoch: string;
  readonly seq: number;
  readonly recovered: boolean;
  readonly events: readonly { readonly type: string; readonly seq?: number }[];
}

let server: BareServer;
let room: string;
let before: Awaited<ReturnType<typeof everything>>;
let epoch: string;

beforeAll(async () => {
  server = await BareServer.start({}, { bundle: releaseBundle() });
  room = `${server.url}/v1/rooms/old`;
  await live();
  ({ epoch } = await askJson<Poll>(`${room}/poll`));
  before = await everything();
  await server.kill();
  server.deploy();
  await server.up();
});
afterAll(() => server.stop());

describe("a store that release 0.1.0 made", () => {
  it("is shown by this tree as it was: history, missed events, notices, values", async () => {
    expect(before.missed.events.length).toBeGreaterThan(MESSAGES - SINCE);
    expect(before.missed.recovered).toBe(true);
    expect(await everything()).toEqual(before);
  });

  it("still knows its keys, its bans and its authors", async () => {
    const again = await say("ada", "message 120", "key-120");
    expect({ status: again.status, ...((await again.json()) as object) }).toEqual({
      status: 200,
      savedId: 120,
      duplicate: true,
    });
    const { users } = await askJson<{ users: readonly unknown[] }>(`${room}/users`);
    expect(users).toEqual([]);
    const edit = await ask(`${room}/messages/7?as=ada`, "PATCH", { content: "edited anew" });
    expect(edit.status).toBe(200);
  });

  it("goes on from its head, and pages through old and new", async () => {
    const { seq } = await askJson<Poll>(`${room}/poll`);
    const sent = await say("ada", "from the new release", "new-1");
    expect(await sent.json()).toEqual({ savedId: seq + 1 });
    const pages: number[] = [];
    for (let from = seq + 2; ; ) {
      const page = await askJson<{ messages: readonly { seq: number }[]; hasMore: boolean }>(
        `${room}/messages?before=${from}&limit=30`,
      );
      pages.unshift(...page.messages.map((message) => message.seq));
      from = pages[0] ?? 0;
      if (!page.hasMore) break;
    }
    const forwards: number[] = [];
    for (;;) {
      const page = await askJson<{ messages: readonly { seq: number }[]; hasMore: boolean }>(
        `${room}/messages?after=${forwards.at(-1) ?? 0}&limit=30`,
      );
      forwards.push(...page.messages.map((message) => message.seq));
      if (!page.hasMore) break;
    }
    expect(pages).toEqual([...Array.from({ length: MESSAGES }, (_, i) => i + 1), seq + 1]);
    expect(forwards).toEqual(pages);
  });

  it("can go back to release 0.1.0 and forth again, and loses nothing", async () => {
    const head = async () => (await askJson<Poll>(`${room}/poll`)).seq;
    const middle = await head();
    await server.kill();
    server.deploy(releaseBundle());
    await server.up();
    expect((await say("ada", "back again", "back-1")).status).toBe(201);
    await server.kill();
    server.deploy();
    await server.up();
    expect((await say("ada", "forth again", "forth-1")).status).toBe(201);
    const { events, recovered } = await missedSince(middle);
    expect(recovered).toBe(true);
    expect(events.map(({ seq }) => seq)).toEqual([middle + 1, middle + 2]);
    const page = await askJson<{ messages: readonly { seq: number }[] }>(
      `${room}/messages?limit=3`,
    );
    expect(page.messages.map(({ seq }) => seq).slice(-2)).toEqual([middle + 1, middle + 2]);
  });
});

/** A life in release 0.1.0: messages, edits, deletions, reactions, receipts, notices, values, a ban. */
async function live(): Promise<void> {
  for (let i = 1; i <= MESSAGES; i++) await say("ada", `message ${i}`, `key-${i}`);
  for (const seq of [3, 7, 7, 90]) {
    await ask(`${room}/messages/${seq}?as=ada`, "PATCH", { content: `edited ${seq}` });
  }
  for (const seq of [5, 90]) await ask(`${room}/messages/${seq}?as=ada`, "DELETE");
  for (const user of ["ben", "cleo"]) {
    for (const seq of [1, 2, 119]) {
      await ask(`${room}/messages/${seq}/reactions?as=${user}`, "POST", { emoji: "👋" });
    }
    await ask(`${room}/read?as=${user}`, "POST", { upTo: 100 });
  }
  await ask(`${room}/users/mallory?ban=3600`, "DELETE");
  const publish = `${server.url}/v1/rooms/topic:old/publish`;
  await ask(publish, "POST", { event: "price", data: { symbol: "ACME", price: 41.5 } });
  const notices = `${server.url}/v1/users/ben/notifications`;
  await ask(notices, "POST", { type: "invoice", title: "Invoice 7 is paid" }, "invoice-7");
}

/** All that the store shows to those who ask. */
async function everything() {
  return {
    history: await askJson<unknown>(`${room}/messages?limit=200`),
    missed: await missedSince(SINCE),
    values: await askJson<unknown>(`${server.url}/v1/rooms/topic:old/poll`),
    notices: await askJson<unknown>(`${server.url}/v1/users/ben/notifications`),
  };
}

function missedSince(seq: number): Promise<Poll> {
  return askJson<Poll>(`${room}/poll?since=${seq}&epoch=${epoch}`);
}

function say(userId: string, content: string, key: string): Promise<Response> {
  return ask(`${room}/messages?as=${userId}`, "POST", { content }, key);
}
