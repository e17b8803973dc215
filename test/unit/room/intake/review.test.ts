import { describe, expect, it, vi } from "vitest";
import { contract, kind, refuse, server } from "../../../../src/contract/index.ts";
import { KindTable } from "../../../../src/kinds/kind-table.ts";
import {
  acks,
  answer,
  moderator,
  open,
  request,
  say,
  scene,
  settled,
  stored,
  told,
} from "../support/moderated.ts";
import { BACKEND, T0 } from "../support/scene.ts";

describe("a frame that is reviewed", () => {
  it("holds up what its connection says after it, in order, and nobody else (P16.1)", async () => {
    say("ada", "one");
    say("ada", "two");
    scene.hear("ada", { type: "leave_room" });
    say("ben", "mine");
    await answer("mine");
    expect(stored()).toEqual(["mine"]);
    await answer("one");
    expect(moderator.asked).toEqual(["one", "mine", "two"]);
    await answer("two");
    expect(stored()).toEqual(["mine", "one", "two"]);
    expect(acks()).toMatchObject([{ savedId: 2 }, { savedId: 3 }]);
    expect(scene.room.connection("ada")).toBeUndefined();
  });

  it("is answered internal when what it needs cannot be read, and what waits behind it goes on", async () => {
    say("ada", "one");
    say("ada", "two");
    vi.spyOn(scene.store.bans, "bannedUntil").mockImplementationOnce(() => {
      throw new Error("the disk is gone for a moment");
    });
    await answer("one");
    await answer("two");
    expect(stored()).toEqual(["two"]);
    expect(acks()).toMatchObject([{ success: false, error: { code: "internal" } }, { savedId: 1 }]);
  });

  it("is refused when its sender may not say it any more by then, as is what waits behind it (P14.4)", async () => {
    say("ada", "one");
    say("ada", "two");
    const ada = scene.room.connection("ada");
    if (ada === undefined) throw new Error("ada is not here");
    const { expiresAt } = ada.session;
    scene.room.renew(ada, { expiresAt, permissions: ["read"] }, undefined, T0);
    await answer("one");
    await answer("two");
    expect(stored()).toEqual([]);
    expect(acks()).toMatchObject([
      { success: false, error: { code: "access_denied" } },
      { success: false, error: { code: "access_denied" } },
    ]);
  });

  it("is none that its sender may not say, nor a type without a rule (P16.1)", () => {
    scene.join("eve", { permissions: ["read"] });
    say("eve", "let me");
    scene.hear("ada", { type: "typing_start" });
    scene.flush();
    expect(moderator.asked).toEqual([]);
    expect(acks("eve")).toMatchObject([{ error: { code: "access_denied" } }]);
    expect(scene.sockets.payloads("ben", "user_typing")).toHaveLength(1);
  });

  it("is looked at once, however often it is sent, before and after it is stored (P16.2)", async () => {
    say("ada", "one");
    say("ada", "one");
    const again = request("one");
    await answer("one");
    const later = request("one");
    await settled();
    expect(moderator.asked).toEqual(["one"]);
    expect(acks()).toMatchObject([{ savedId: 1 }, { savedId: 1, duplicate: true }]);
    expect([again[0], later[0]]).toMatchObject([
      { saved: { savedId: 1, duplicate: true } },
      { saved: { savedId: 1, duplicate: true } },
    ]);
    say("ada", "other", "one");
    await settled();
    expect(moderator.asked).toEqual(["one"]);
    expect(acks()[2]).toMatchObject({ error: { code: "conflict" } });
  });

  it.each([
    ["may be asked of the log again only later", "ada", false],
    ["could not be found out", "cem", true],
  ])("is looked at where whether it is a repeat %s (P16.2)", (_, second, fails) => {
    // Storage begins with whatever comes first.
    scene.room.kick("eve", 1_000, T0);
    scene.database.query(
      `INSERT INTO log (seq, type, at, user_id, message_id, payload)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000)
        SELECT i, 'message_reacted', ${T0 - 3_600_000}, 'crowd', 'x' || i, '{}' FROM n`,
    );
    scene.restart();
    // That pays for a look over all of it, and has no more for another.
    request("one", "ada", 0);
    const find = vi.spyOn(scene.store.log, "find");
    if (fails) {
      find.mockImplementation(() => {
        throw new Error("disk I/O error");
      });
    }
    request("two", second, 0);
    find.mockRestore();
    scene.flush(T0 + 20_000);
    expect(moderator.asked).toEqual(["one", "two"]);
    expect(scene.store.log.head).toBe(400_000);
  });

  it("is refused or rewritten, and known by what was sent (P16.3)", async () => {
    say("ada", "damn");
    await answer("damn", { content: "d**n" });
    say("ada", "damn");
    say("ada", "rude");
    await settled();
    await answer("rude", refuse("rude", "Say it kindly.", { retryable: true }));
    say("ada", "long");
    await answer("long", { content: "x".repeat(4_001) });
    expect(stored()).toEqual(["d**n"]);
    expect(acks()).toMatchObject([
      { savedId: 1 },
      { savedId: 1, duplicate: true },
      { error: { code: "rude", message: "Say it kindly.", retryable: true } },
      { error: { code: "internal" } },
    ]);
    expect(told.map(String)).toEqual([expect.stringContaining("review.send_message answered")]);
  });

  it("is told the actor and the environment, and cannot change what was sent", async () => {
    const seen: unknown[] = [];
    open({
      send_message: async (asked: { data: object; actor: object; env: object }) => {
        seen.push(asked.actor, asked.env);
        Object.assign(asked.data, { content: "changed" });
      },
    });
    say("ada", "one");
    scene.room.submit({
      frame: { type: "send_message", messageId: "b", payload: { content: "two" } },
      actor: { ...BACKEND, permissions: ["write"] },
      at: T0,
      bytes: 1,
      answer: () => {},
    });
    await settled();
    expect(seen).toMatchObject([
      { system: false, id: "ada" },
      { KEY: "k" },
      { system: true },
      { KEY: "k" },
    ]);
    expect(stored()).toEqual([]);
    expect(acks()).toMatchObject([{ error: { code: "internal" } }]);
  });

  it.each([
    ["refuse", [{ error: { code: "unavailable", retryable: true } }], []],
    ["pass", [{ success: true, savedId: 1 }], ["one"]],
  ])(
    "that takes too long is answered as onTimeout has it: %s (P16.4)",
    async (onTimeout, acked, kept) => {
      open({ send_message: moderator.look, onTimeout }, 1);
      say("ada", "one");
      await expect.poll(() => settled().then(() => acks())).toMatchObject(acked);
      expect(stored()).toEqual(kept);
      // What comes too late is not heard.
      await answer("one", { content: "late" });
      expect(stored()).toEqual(kept);
    },
  );

  it("harms itself alone when its rule throws, and is counted (P16.4)", async () => {
    open({
      send_message({ data }: { data: { content: string } }) {
        if (data.content === "crash") throw new Error("a rule that fails");
        if (data.content === "thrown") throw refuse("rude");
      },
    });
    for (const content of ["crash", "thrown", "fine"]) say("ada", content);
    await settled();
    await settled();
    await settled();
    expect(acks()).toMatchObject([
      { error: { code: "internal" } },
      { error: { code: "rude" } },
      { savedId: 1 },
    ]);
    expect(scene.room.counters.counts.refusals).toMatchObject({ internal: 1, "chat other": 1 });
    expect(told.map(String)).toEqual(["Error: a rule that fails"]);
  });
});

it("a review hears when nobody waits for it any more, and not before (P16.3)", async () => {
  const signals: AbortSignal[] = [];
  const look = ({ signal, data }: { signal: AbortSignal; data: { content: string } }) => {
    signals.push(signal);
    return data.content === "slow" ? new Promise(() => {}) : undefined;
  };
  open({ send_message: look }, 5);
  say("ben", "quick");
  say("ada", "slow");
  await vi.waitUntil(() => signals[1]?.aborted === true);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
});

describe("a kind of a team's", () => {
  it("has its events reviewed, those of the server alone too", async () => {
    const text = {
      "~standard": { version: 1, vendor: "t", validate: (value: unknown) => ({ value }) },
    };
    const made = kind(contract("board", { events: { note: server(text as never) } }), {
      review: { note: async () => refuse("conflict") },
    });
    const review = new KindTable([made]).of("board:x").review({ contentChars: 1 } as never);
    expect(review?.takes({ type: "note" }, BACKEND)).toBe(true);
    const { signal } = new AbortController();
    expect(await review?.run({ type: "note", payload: {} }, BACKEND, {}, signal)).toMatchObject({
      ok: false,
      error: { code: "conflict", status: 409 },
    });
  });
});
