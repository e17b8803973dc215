import { describe, expect, it } from "vitest";
import { deliveryOf, INBOX_CARRIER } from "../../../../src/kinds/inbox/notice.ts";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import type { Actor } from "../../../../src/room/actor.ts";
import type { Outcome } from "../../../../src/room/flush/outcome.ts";
import { FIRST_RETRY_MS, type Round, retryDelayMs } from "../../../../src/room/store/outbox.ts";
import { BACKEND, RoomScene, T0 } from "../support/scene.ts";

function person(userId: string): Actor {
  return { userId, name: userId.toUpperCase(), permissions: ["read", "write"] };
}

function say(
  scene: RoomScene,
  actor: Actor | string,
  messageId: string,
  payload: object,
  now = T0,
): Outcome {
  const frame = {
    type: "send_message",
    messageId,
    payload: { content: "hi", ...payload },
  } as const;
  return scene.ask(typeof actor === "string" ? person(actor) : actor, frame, now);
}

const ALL: Round = { now: T0 + FIRST_RETRY_MS, except: [], recipients: 100, each: 100 };

function waiting(scene: RoomScene) {
  return scene.store.outbox.of(INBOX_CARRIER).waiting(ALL);
}

function recipients(scene: RoomScene): readonly string[] {
  return waiting(scene).map(({ to }) => to.recipient);
}

/** A room in which these people have written. */
function roomOf(writers: readonly string[], vars: Readonly<Record<string, string>> = {}) {
  const scene = new RoomScene("general", vars);
  for (const userId of writers) say(scene, userId, `hello of ${userId}`, {});
  return scene;
}

describe("the outbox of a chat", () => {
  it("holds a notice for each person mentioned or answered, once, and never for the author", () => {
    const scene = roomOf(["ada", "cyd"]);
    say(scene, "ben", "m2", { replyTo: 1, mentions: ["cyd", "ben", "cyd"] });
    expect(waiting(scene)).toMatchObject([
      {
        to: { carrier: INBOX_CARRIER, recipient: "ada" },
        key: "epoch-1#3",
        source: 3,
        body: { type: "reply", data: { room: "general", seq: 3, userId: "ben" } },
      },
      { to: { recipient: "cyd" }, body: { type: "mention" } },
    ]);
    say(scene, "ben", "m3", { replyTo: 1, mentions: ["ada"] });
    expect(waiting(scene).slice(2)).toMatchObject([
      { to: { recipient: "ada" }, body: { type: "mention" } },
    ]);
    say(scene, "ada", "m4", { replyTo: 1, mentions: ["ada"] });
    expect(waiting(scene)).toHaveLength(3);
  });

  it("never holds what a message says: a deletion could not take it back", () => {
    const scene = roomOf(["ben"]);
    say(scene, "ada", "m1", { content: "hush", mentions: ["ben"] });
    expect(waiting(scene)).toHaveLength(1);
    expect(JSON.stringify(waiting(scene))).not.toContain("hush");
  });

  it("says in fixed words what it is about, and who and where in data alone", () => {
    const scene = roomOf(["ben"]);
    const name = "Your account is locked, see https://evil.example/login";
    const eve = { ...person("eve"), name };
    say(scene, eve, "m1", { mentions: ["ben"] });
    say(scene, eve, "m2", { replyTo: 1 });
    expect(waiting(scene).map(({ body }) => body)).toEqual([
      {
        type: "mention",
        title: "You were mentioned",
        data: { room: "general", seq: 2, userId: "eve", userName: name },
      },
      {
        type: "reply",
        title: "You have a reply",
        data: { room: "general", seq: 3, userId: "eve", userName: name },
      },
    ]);
  });

  it("gains nothing by a message that was sent before or could not be stored", () => {
    const scene = roomOf(["ben"]);
    say(scene, "ada", "m1", { mentions: ["ben"] });
    say(scene, "ada", "m1", { mentions: ["ben"] });
    scene.database.failing = true;
    say(scene, "ada", "m2", { mentions: ["ben"] });
    scene.database.failing = false;
    expect(waiting(scene)).toHaveLength(1);
  });

  it("outlives a restart, and says when it is due", () => {
    const scene = roomOf(["ben", "cyd"]);
    say(scene, "ada", "m1", { mentions: ["ben", "cyd"] });
    scene.restart();
    const outbox = scene.store.outbox.of(INBOX_CARRIER);
    expect(outbox.nextDue(T0, [])).toBe(T0 + FIRST_RETRY_MS);
    const [first] = waiting(scene);
    outbox.remove([first?.id ?? 0]);
    outbox.postpone("cyd", T0 + 1_000);
    expect(outbox.nextDue(T0, [])).toBe(T0 + 1_000);
    expect(outbox.nextDue(T0, ["cyd"])).toBeUndefined();
    expect(outbox.waiting({ ...ALL, now: T0 })).toEqual([]);
    expect(outbox.waiting({ ...ALL, now: T0 + 1_000 })).toMatchObject([
      { to: { recipient: "cyd" }, tries: 1, at: T0 },
    ]);
  });

  it("holds nothing for what the backend says in an inbox", () => {
    const scene = new RoomScene("user:ada");
    scene.ask(BACKEND, { type: "notify", messageId: "n", payload: { type: "t", title: "t" } });
    expect(scene.store.outbox.isEmpty).toBe(true);
  });
});

describe("what waits for inboxes in one room", () => {
  /** So many notices for inboxes that take none. */
  function crowded(count: number): RoomScene {
    const scene = roomOf(["a", "b"]);
    const { outbox } = scene.store;
    const content = { type: "mention", title: "t" };
    for (let i = 0; i < count; i++) {
      const notice = { recipient: `dead-${i % 20}`, source: 1, key: `k${i}`, content };
      outbox.add(deliveryOf(notice), T0);
    }
    return scene;
  }

  it("is bounded: a message that would add more is refused, one that tells nobody is not", () => {
    const scene = crowded(BOUNDS.noticesWaiting - 1);
    const two = { mentions: ["a", "b"] };
    const crowd = { ok: false, error: { code: "rate_limited", retryAfterMs: 60_000 } };
    expect(say(scene, "eve", "m1", two)).toMatchObject(crowd);
    expect(say(scene, { ...person("bot"), backend: true }, "m2", two)).toMatchObject(crowd);
    expect(say(scene, "eve", "m3", {})).toMatchObject({ ok: true });
    expect(say(scene, "eve", "m4", { mentions: ["a"] })).toMatchObject({ ok: true });
    expect(say(scene, "eve", "m5", { mentions: ["a"] })).toMatchObject(crowd);
    // Not by how long ago the oldest came, but by how many there are.
    scene.store.outbox.of(INBOX_CARRIER).remove(Array.from({ length: 100 }, (_, i) => i + 2));
    expect(say(scene, "eve", "m5", { mentions: ["a"] }, T0 + 60_000)).toMatchObject({ ok: true });
  });

  it("keeps who rested in an older release's outbox", () => {
    const scene = crowded(3);
    scene.database.query("UPDATE outbox SET tries = 4, due = ? WHERE id < 3", T0 + 5_000);
    reopenFromRelease(scene);
    const outbox = scene.store.outbox.of(INBOX_CARRIER);
    expect([...outbox.resting(T0).keys()]).toEqual(["dead-0", "dead-1"]);
    expect(outbox.waiting({ ...ALL, now: T0 })).toMatchObject([
      { to: { recipient: "dead-2" }, tries: 0 },
    ]);
  });
});

describe("a mention reaches", () => {
  it("who is present, has read or has written, also after a restart; and nobody else (P8.3)", () => {
    const scene = roomOf(["writer"]);
    scene.join("present");
    scene.join("reader");
    scene.hear("reader", { type: "read_messages", payload: { upTo: 1 } });
    scene.flush();
    scene.room.leave("reader", T0);
    scene.flush();
    scene.restart();
    scene.join("present");
    const mentions = ["stranger", "writer", "present", "reader"];
    expect(say(scene, "ada", "m1", { mentions })).toMatchObject({ ok: true });
    expect(recipients(scene)).toEqual(["writer", "present", "reader"]);
    // What was said is stored as it was said.
    const entry = scene.store.log.entry(2);
    expect(entry).toMatchObject({ kind: "message", message: { mentions } });
  });

  it("anybody, when the backend sends it", () => {
    const scene = roomOf([]);
    say(scene, { ...person("bot"), backend: true }, "m1", { mentions: ["stranger"] });
    expect(recipients(scene)).toEqual(["stranger"]);
  });

  it("who wrote in an older release's log, from before there was a list of them", () => {
    const scene = roomOf(["ada", "ben"]);
    reopenFromRelease(scene);
    say(scene, "cyd", "m1", { mentions: ["ada", "ben", "stranger"] });
    expect(recipients(scene)).toEqual(["ada", "ben"]);
  });

  it("a writer whose first message could not be stored only once one could", () => {
    const scene = roomOf(["ada"]);
    scene.database.failing = true;
    say(scene, "ben", "m1", {});
    scene.database.failing = false;
    say(scene, "ada", "m2", { mentions: ["ben"] });
    expect(recipients(scene)).toEqual([]);
    say(scene, "ben", "m3", {});
    say(scene, "ada", "m4", { mentions: ["ben"] });
    expect(recipients(scene)).toEqual(["ben"]);
  });

  it("costs a row for a writer's first message, and none for the next ones", () => {
    const scene = roomOf(["ada"]);
    const rows = () => [...scene.database.query("SELECT total_changes() AS rows")][0]?.["rows"];
    const before = Number(rows());
    say(scene, "ada", "m1", {});
    expect(Number(rows()) - before).toBe(1);
    say(scene, "ben", "m2", {});
    expect(Number(rows()) - before).toBe(3);
  });
});

describe("mentions and replies of one sender", () => {
  const LIMIT = { LIMIT_MENTIONS_PER_MINUTE: "6" };
  const limited = (retryAfterMs: number) => ({
    ok: false,
    error: { code: "rate_limited", retryable: true, retryAfterMs },
  });

  it("are so many a minute; a message with more is refused whole, and says when it may come", () => {
    const scene = roomOf(["a", "b", "c", "d"], LIMIT);
    expect(say(scene, "eve", "m1", { mentions: ["a", "b", "c", "d"] })).toMatchObject({ ok: true });
    const { head } = scene.store.log;
    const three = { mentions: ["a", "b"], replyTo: 3 };
    expect(say(scene, "eve", "m2", three)).toMatchObject(limited(10_000));
    expect([scene.store.log.head, waiting(scene).length]).toEqual([head, 4]);
    expect(say(scene, "eve", "m3", {})).toMatchObject({ ok: true });
    expect(say(scene, "ada", "m4", three)).toMatchObject({ ok: true });
    expect(say(scene, "eve", "m2", three, T0 + 10_000)).toMatchObject({ ok: true });
  });

  it("cost nothing when they reach nobody, are sent again, or come from the backend", () => {
    const scene = roomOf(["a"], LIMIT);
    const six = { mentions: ["a", "x", "y", "z", "v", "w", "u"] };
    for (let i = 0; i < 5; i++) say(scene, "eve", `m${i}`, six);
    expect(say(scene, "eve", "last", six)).toMatchObject({ ok: true });
    expect(say(scene, "eve", "last", six)).toMatchObject({ saved: { duplicate: true } });
    expect(say(scene, "eve", "over", six)).toMatchObject(limited(10_000));
    expect(say(scene, { ...person("eve"), backend: true }, "api", six)).toMatchObject({ ok: true });
  });

  it("may be more in one message than in a minute, which then takes as many minutes", () => {
    const scene = roomOf(["a", "b", "c"], { LIMIT_MENTIONS_PER_MINUTE: "2" });
    expect(say(scene, "eve", "m1", { mentions: ["a", "b", "c"] })).toMatchObject({ ok: true });
    expect(say(scene, "eve", "m2", { mentions: ["a"] })).toMatchObject(limited(60_000));
  });

  it("have no limit where it is 0", () => {
    const scene = roomOf(["a"], { LIMIT_MENTIONS_PER_MINUTE: "0" });
    for (let i = 0; i < 100; i++) say(scene, "eve", `m${i}`, { mentions: ["a"] });
    expect(waiting(scene)).toHaveLength(100);
  });
});

it("waits from a second to an hour before it tries again, each time longer, half of it by chance", () => {
  expect([0, 1, 2, 12, 40].map((tries) => retryDelayMs(tries, 1))).toEqual([
    1_000, 2_000, 4_000, 3_600_000, 3_600_000,
  ]);
  expect(retryDelayMs(3, 0)).toBe(4_000);
  // An alarm knows no fractions.
  expect(retryDelayMs(3, 1 / 3)).toBe(5_333);
});

/** Takes the schema back to what release 0.1.0 had, and opens the room on it. */
function reopenFromRelease(scene: RoomScene): void {
  for (const table of ["writers", "dead_letters", "accepted_keys", "resting", "own"]) {
    scene.database.query(`DROP TABLE ${table}`);
  }
  for (const column of ["at", "carrier"]) {
    scene.database.query(`ALTER TABLE outbox DROP COLUMN ${column}`);
  }
  for (const column of ["previous", "ordinal", "fingerprint", "edits", "told"]) {
    scene.database.query(`ALTER TABLE log DROP COLUMN ${column}`);
  }
  scene.database.query("DELETE FROM migrations WHERE step > 3");
  scene.restart();
}
