import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, kind, server } from "../../../src/contract/index.ts";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { deliveryOf, INBOX_CARRIER } from "../../../src/kinds/inbox/notice.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import { RoomScene, T0 } from "../room/support/scene.ts";

const desk = contract("desk", {
  events: { ask: z.object({ text: z.string() }), noted: server(z.object({})) },
  timers: { remind: z.object({}) },
});
const KINDS = new KindTable([
  ...BUILT_IN,
  kind(desk, {
    before: {
      ask({ data, now, tx }) {
        tx.append("noted", {});
        if (data.text === "call") tx.notify("support", { type: "ask", title: "Somebody asks" });
        if (data.text === "remind") tx.schedule("remind", now + 1_000, {});
      },
    },
    timers: { remind: ({ tx }) => tx.notify("support", { type: "ask", title: "Still open" }) },
  }),
]);

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("desk:1", {}, KINDS);
  scene.join("ada");
});

function ask(text: string, messageId: string, now = T0): unknown {
  scene.hear("ada", { type: "ask", messageId, payload: { text } }, now);
  scene.flush(now);
  return scene.sockets.payloads("ada", "ack").at(-1);
}

/** As many notices as may wait for inboxes that take none, or one less. */
function crowd(free: 0 | 1): void {
  const content = { type: "ask", title: "…" };
  for (let i = free; i < BOUNDS.noticesWaiting; i++) {
    scene.store.outbox.add(deliveryOf({ recipient: "gone", source: 1, key: `${i}`, content }), T0);
  }
}

describe("what rules add to what was said", () => {
  it("has keys that no sender has used, and none that is longer than a key may be", () => {
    const long = "x".repeat(BOUNDS.messageIdChars);
    expect(ask("hello", "x/1")).toEqual({ success: true, savedId: 1 });
    expect(ask("hello", "x")).toEqual({ success: true, savedId: 3 });
    expect(ask("hello", long)).toEqual({ success: true, savedId: 5 });
    expect(ask("hello", long)).toEqual({ success: true, savedId: 5, duplicate: true });
    const keys = [...scene.database.query("SELECT message_id FROM log ORDER BY seq")].map((row) =>
      String(row["message_id"]),
    );
    expect(new Set(keys).size).toBe(6);
    expect(Math.max(...keys.map(({ length }) => length))).toBe(BOUNDS.messageIdChars);
  });

  it("has to wait when too much waits for inboxes already", () => {
    ask("hello", "first");
    crowd(1);
    expect(ask("call", "second")).toEqual({ success: true, savedId: 3 });
    expect(ask("call", "third")).toMatchObject({ success: false, error: { code: "rate_limited" } });
    expect(ask("hello", "fourth")).toEqual({ success: true, savedId: 5 });
  });

  it("is told by a timer when there is room for it again", () => {
    ask("remind", "first");
    crowd(0);
    const due = T0 + 1_000;
    scene.room.sweep(due);
    const { failures } = scene.flush(due);
    expect(failures).toMatchObject([{ message: expect.stringContaining("Too many notices") }]);
    scene.database.query("DELETE FROM outbox");
    scene.room.sweep(due + 1_000);
    scene.flush(due + 1_000);
    const round = { now: due + 60_000, except: [], recipients: 1, each: 9 };
    expect(scene.store.outbox.of(INBOX_CARRIER).waiting(round)).toMatchObject([
      { to: { recipient: "support" } },
    ]);
  });

  it("is told in its time by a timer that is set anew, however often it has failed before", () => {
    ask("remind", "first");
    crowd(0);
    let now = T0 + 1_000;
    for (const waitMs of [1_000, 2_000, 4_000]) {
      scene.room.sweep(now);
      expect(scene.flush(now).failures).toHaveLength(1);
      now += waitMs;
    }
    scene.database.query("DELETE FROM outbox");
    now -= 3_000;
    ask("remind", "second", now);
    scene.room.sweep(now + 1_000);
    scene.flush(now + 1_000);
    expect(scene.store.outbox.of(INBOX_CARRIER).hasRoomFor(1, 1)).toBe(false);
  });
});
