import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Notify } from "../../../../src/kinds/inbox/inbox-frame.ts";
import { BACKEND, RoomScene, T0 } from "../../room/support/scene.ts";

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("user:ada");
});

function notice(id: string, source?: number): Notify {
  const payload = { type: "order", title: `Order ${id}` };
  return { type: "notify", messageId: id, payload, ...(source === undefined ? {} : { source }) };
}

function fill(count: number): void {
  for (let i = 1; i <= count; i++) scene.ask(BACKEND, notice(`n${i}`));
}

describe("an inbox", () => {
  it("tells its owner's every connection of a notification, and stores it", () => {
    scene.join("phone", { userId: "ada", permissions: ["read"] });
    scene.join("laptop", { userId: "ada", permissions: ["read"] });
    expect(scene.ask(BACKEND, notice("n1"))).toEqual({ ok: true, saved: { savedId: 1 } });
    for (const id of ["phone", "laptop"]) {
      expect(scene.sockets.payloads(id, "notification")).toEqual([
        {
          seq: 1,
          id: "n1",
          type: "order",
          title: "Order n1",
          timestamp: new Date(T0).toISOString(),
          read: false,
        },
      ]);
    }
  });

  it("is written by the server side alone", () => {
    const owner = {
      userId: "ada",
      name: "Ada",
      permissions: ["read", "write", "moderate"],
    } as const;
    expect(scene.ask(owner, notice("n1"))).toMatchObject({ error: { code: "access_denied" } });
    scene.join("ada", { permissions: ["read", "write"] });
    scene.hear("ada", { type: "notify", messageId: "n1", payload: { type: "x", title: "x" } });
    scene.hear("ada", { type: "send_message", messageId: "m", payload: { content: "x" } });
    scene.flush();
    const refusals = scene.sockets.payloads("ada", "ack").map(({ error }) => error);
    expect(refusals).toMatchObject([{ code: "unknown_type" }, { code: "unknown_type" }]);
    expect(scene.store.log.head).toBe(0);
  });

  it("greets with the newest, oldest first, and how many are unread", () => {
    fill(3);
    scene.join("ada");
    scene.hear("ada", { type: "read_notifications", payload: { ids: [2] } });
    scene.flush();
    scene.join("late", { userId: "ada" });
    const [joined] = scene.sockets.payloads("late", "joined_room");
    expect(joined).toMatchObject({ unread: 2, seq: 3 });
    expect(joined?.["history"]).toMatchObject([
      { seq: 1, read: false },
      { seq: 2, read: true },
      { seq: 3, read: false },
    ]);
  });

  it("counts the same on every device, whatever is read how often (P8.4)", () => {
    fill(5);
    scene.join("phone", { userId: "ada" });
    scene.join("laptop", { userId: "ada" });
    for (const payload of [{ ids: [5, 2] }, { ids: [2] }, { upTo: 3 }, { upTo: 1 }, { upTo: 99 }]) {
      scene.hear("phone", { type: "read_notifications", payload });
    }
    scene.flush();
    for (const id of ["phone", "laptop"]) {
      const told = scene.sockets.payloads(id, "notifications_read");
      expect(told.map(({ unread }) => unread)).toEqual([3, 3, 1, 1, 0]);
      expect(told.at(-1)).toEqual({ upTo: 5, unread: 0 });
    }
    scene.restart();
    expect(scene.inbox.unread()).toBe(0);
    scene.ask(BACKEND, notice("n6"));
    expect(scene.inbox.unread()).toBe(1);
  });

  it("is marked as read by its owner alone", () => {
    fill(1);
    scene.join("eve", { permissions: ["read", "write"] });
    scene.hear("eve", { type: "read_notifications", payload: { upTo: 1 } });
    scene.flush();
    expect(scene.sockets.payloads("eve", "error")).toMatchObject([{ code: "access_denied" }]);
    expect(scene.inbox.unread()).toBe(1);
  });

  it("refuses what names nothing to mark", () => {
    scene.join("ada");
    for (const payload of [{}, { ids: [] }, { ids: [0] }, { upTo: 1, ids: [1] }, { upTo: -1 }]) {
      scene.hear("ada", { type: "read_notifications", payload });
    }
    scene.flush();
    const codes = scene.sockets.payloads("ada", "error").map(({ code }) => code);
    expect(codes).toEqual(Array(5).fill("invalid_frame"));
  });

  it("resumes with what was missed, as it is now", () => {
    fill(3);
    scene.ask(
      { userId: "ada", name: "Ada", permissions: ["read"] },
      {
        type: "read_notifications",
        payload: { ids: [3] },
      },
    );
    scene.join("ada", {}, { seq: 1, epoch: "epoch-1" });
    expect(scene.sockets.payloads("ada", "joined_room")[0]).toMatchObject({
      recovered: true,
      unread: 2,
    });
    expect(scene.sockets.payloads("ada", "notification")).toMatchObject([
      { seq: 2, read: false },
      { seq: 3, read: true },
    ]);
  });

  it("pages backwards, all or the unread alone", () => {
    fill(5);
    scene.inbox.markRead({ ids: [4] });
    scene.inbox.markRead({ upTo: 1 });
    const page = (unreadOnly: boolean, before?: number) => {
      const { entries, hasMore } = scene.inbox.page({ limit: 2, unreadOnly, before });
      return { seqs: entries.map((entry) => JSON.parse(entry).seq), hasMore };
    };
    expect(page(false)).toEqual({ seqs: [4, 5], hasMore: true });
    expect(page(false, 4)).toEqual({ seqs: [2, 3], hasMore: true });
    expect(page(true)).toEqual({ seqs: [3, 5], hasMore: true });
    expect(page(true, 3)).toEqual({ seqs: [2], hasMore: false });
  });

  it("reads a page, its newest and what a device missed in one statement each", () => {
    fill(200);
    scene.inbox.markRead({ upTo: 50 });
    scene.inbox.markRead({ ids: [60, 199] });
    const query = vi.spyOn(scene.database, "query");
    const reads = (entries: Iterable<string>) => {
      const read = [...entries].map((entry) => {
        const { payload, ...notification } = JSON.parse(entry);
        return (payload ?? notification).read as boolean;
      });
      return { all: read.length, read: read.filter(Boolean).length };
    };
    const { inbox } = scene;
    const { log } = scene.store;
    expect(reads(inbox.page({ limit: 200, unreadOnly: false }).entries)).toEqual({
      all: 200,
      read: 52,
    });
    expect(query).toHaveBeenCalledTimes(1);
    expect(reads(inbox.page({ limit: 200, unreadOnly: true }).entries)).toEqual({
      all: 148,
      read: 0,
    });
    expect(query).toHaveBeenCalledTimes(2);
    expect(reads(inbox.newest(10))).toEqual({ all: 10, read: 1 });
    expect(query).toHaveBeenCalledTimes(3);
    expect(reads(log.eventsAfter(40, 160))).toEqual({ all: 160, read: 12 });
    expect(query).toHaveBeenCalledTimes(4);
  });

  it("forgets with its notifications which of them were read", () => {
    scene = new RoomScene("user:ada", { HISTORY_MAX_MESSAGES: "2" });
    fill(5);
    scene.inbox.markRead({ ids: [2, 3, 5] });
    scene.room.sweep(T0 + 3_600_000);
    expect(scene.store.log.oldest).toBe(4);
    const kept = [...scene.database.query("SELECT seq FROM inbox_reads")].map(({ seq }) => seq);
    expect(kept).toEqual([5]);
    expect(scene.inbox.unread()).toBe(1);
  });

  it("shows nobody who else is there", () => {
    scene.join("phone", { userId: "ada" });
    scene.join("helper", { userId: "support" });
    expect(scene.sockets.of("phone").map(({ type }) => type)).toEqual(["joined_room"]);
  });
});

describe("a notification that comes twice", () => {
  it("from the backend within five minutes is stored once", () => {
    scene.ask(BACKEND, notice("n1"));
    expect(scene.ask(BACKEND, notice("n1"), T0 + 299_000)).toEqual({
      ok: true,
      saved: { savedId: 1, duplicate: true },
    });
    expect(scene.ask(BACKEND, notice("n1"), T0 + 300_000)).toEqual({
      ok: true,
      saved: { savedId: 2 },
    });
  });

  it("from another room is stored once, however late and after whatever restart", () => {
    scene.ask(BACKEND, notice("general#e#7", 7));
    const later = T0 + 30 * 86_400_000;
    scene.restart();
    expect(scene.ask(BACKEND, notice("general#e#7", 7), later)).toEqual({
      ok: true,
      saved: { savedId: 1, duplicate: true },
    });
    expect(scene.store.log.head).toBe(1);
  });

  it("and twice in one flush as well", () => {
    scene.join("ada");
    const submit = () =>
      scene.room.submit({
        frame: notice("general#e#7", 7),
        actor: BACKEND,
        at: T0,
        bytes: 1,
        answer: () => undefined,
      });
    submit();
    submit();
    scene.flush();
    expect(scene.sockets.payloads("ada", "notification")).toHaveLength(1);
  });
});

describe("notices from all rooms", () => {
  beforeEach(() => {
    scene = new RoomScene("user:ada", { LIMIT_NOTICES_PER_MINUTE: "4" });
  });

  function bring(ids: readonly string[], now = T0): readonly (string | number | undefined)[] {
    return ids.map((id) => {
      const outcome = scene.ask(BACKEND, notice(id, 7), now);
      return outcome.ok ? outcome.saved?.savedId : outcome.error.retryAfterMs;
    });
  }

  it("are so many a minute; what is over may come later, and is told when", () => {
    expect(bring(["1", "2", "3", "4", "5"])).toEqual([1, 2, 3, 4, 15_000]);
    expect(scene.ask(BACKEND, notice("5", 7))).toMatchObject({
      error: { code: "rate_limited", retryable: true },
    });
    expect(bring(["5", "6"], T0 + 15_000)).toEqual([5, 15_000]);
  });

  it("cost nothing when they were delivered before, nor when the backend sends them", () => {
    bring(["1", "2", "3", "4"]);
    expect(bring(["1", "4"])).toEqual([1, 4]);
    expect(scene.ask(BACKEND, notice("by the backend"))).toMatchObject({ saved: { savedId: 5 } });
  });

  it("are counted over a sleep as well", () => {
    bring(["1", "2", "3"]);
    scene.restart();
    expect(bring(["4", "5"], T0 + 12_000)).toEqual([4, 15_000]);
    scene.restart();
    expect(bring(["5", "6", "7", "8"], T0 + 120_000)).toEqual([5, 6, 7, 8]);
  });

  it("are taken after a sleep whose clock was set back, as before", () => {
    bring(["1", "2", "3", "4"], T0 + 86_400_000);
    scene.restart();
    expect(bring(["5"])).toEqual([5]);
  });

  it("have no limit where it is 0", () => {
    scene = new RoomScene("user:ada", { LIMIT_NOTICES_PER_MINUTE: "0" });
    const ids = Array.from({ length: 100 }, (_, i) => String(i));
    expect(bring(ids).at(-1)).toBe(100);
  });
});
