import { beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, kind } from "../../../../src/contract/index.ts";
import { BUILT_IN } from "../../../../src/kinds/built-in.ts";
import { INBOX_CARRIER } from "../../../../src/kinds/inbox/notice.ts";
import { KindTable } from "../../../../src/kinds/kind-table.ts";
import {
  AFTER_CARRIER,
  afterSubscription,
} from "../../../../src/objects/delivery/after-carrier.ts";
import { subscriptionsTo, type Webhook } from "../../../../src/objects/delivery/webhook.ts";
import { WEBHOOK_CARRIER } from "../../../../src/objects/delivery/webhook-carrier.ts";
import { RoomScene, T0 } from "../support/scene.ts";

const orders = contract("order", {
  events: { moved: z.object({ to: z.string() }) },
  signals: { looked: z.object({}) },
  timers: { late: z.object({ again: z.boolean() }) },
});
const KINDS = new KindTable([
  ...BUILT_IN,
  kind(orders, {
    before: {
      moved({ data, now, tx }) {
        if (data.to === "nowhere") throw new Error("a rule that fails");
        tx.webhook("order.priced", { cents: 7 });
        tx.schedule("late", now + 1_000, { again: true });
      },
    },
    timers: {
      late({ data, now, tx }) {
        tx.webhook("order.late", {});
        tx.notify("eve", { type: "late", title: "An order is late" });
        if (data.again) tx.schedule("late", now + 1_000, { again: false });
      },
    },
  }),
]);

let scene: RoomScene;

beforeEach(() => {
  scene = new RoomScene("order:7", {}, KINDS);
});

function webhook(name: string, events: readonly string[], rooms = "*"): Webhook {
  return { name, events, rooms, endpoint: () => ({ url: "", secret: "" }) };
}

/** Lets these hear of the room. */
function hearing(...webhooks: readonly Webhook[]): void {
  scene.subscriptions = subscriptionsTo("order:7", webhooks);
  scene.restart();
  scene.join("ada");
}

function move(to: string, now = T0): void {
  scene.hear("ada", { type: "moved", messageId: `to-${to}`, payload: { to } }, now);
  scene.flush(now);
}

/** What waits for a carrier, oldest first. */
function waiting(carrier: string) {
  const all = { now: T0 + 60_000, except: [], recipients: 100, each: 100 };
  return scene.store.outbox.of(carrier).waiting(all);
}

/** The names of what waits for webhooks, each with the webhook. */
function told(): readonly string[] {
  return waiting(WEBHOOK_CARRIER).map(
    ({ to, body }) => `${to.recipient} ${JSON.parse(String(body)).type}`,
  );
}

describe("what is told outside of a room", () => {
  it("waits in the outbox with the event that it is about, as Standard Webhooks has it", () => {
    hearing(webhook("crm", ["order.moved"]));
    move("oven");
    expect(waiting(WEBHOOK_CARRIER)).toMatchObject([
      { to: { carrier: WEBHOOK_CARRIER, recipient: "crm" }, source: 1, key: "epoch-1#1" },
    ]);
    expect(JSON.parse(String(waiting(WEBHOOK_CARRIER)[0]?.body))).toEqual({
      type: "order.moved",
      timestamp: new Date(T0).toISOString(),
      data: { room: "order:7", seq: 1, userId: "ada", payload: { to: "oven" } },
    });
  });

  it.each([
    ["whom another room concerns", webhook("a", ["order.moved"], "order:8"), []],
    ["whom its rooms concern", webhook("a", ["order.moved"], "order:*"), ["a order.moved"]],
    ["who listens to another event", webhook("a", ["order.gone"]), []],
    ["who listens to an event of chats by this name", webhook("a", ["moved"]), []],
    ["who listens to a name that a rule tells", webhook("a", ["order.priced"]), ["a order.priced"]],
  ] as const)("reaches %s or not", (_, one, expected) => {
    hearing(one);
    move("oven");
    expect(told()).toEqual(expected);
  });

  it("goes to each that listens, under one key", () => {
    hearing(webhook("a", ["order.moved"]), webhook("b", ["order.moved", "order.priced"]));
    move("oven");
    expect(told()).toEqual(["a order.moved", "b order.moved", "b order.priced"]);
  });

  it("is nothing of an event that is refused, or of a signal", () => {
    hearing(webhook("a", ["order.moved", "order.priced", "order.looked"]));
    move("nowhere");
    scene.hear("ada", { type: "looked", payload: {} });
    scene.flush();
    expect(told()).toEqual([]);
  });

  it("is told once of a request that comes again", () => {
    hearing(webhook("a", ["order.moved"]));
    move("oven");
    move("oven");
    expect(told()).toEqual(["a order.moved"]);
  });

  it("has a key of its own each time that a timer tells it, which stores nothing", () => {
    hearing(webhook("a", ["order.late"]));
    move("oven");
    for (const at of [T0 + 1_000, T0 + 2_000]) {
      scene.room.sweep(at);
      scene.flush(at);
    }
    for (const carrier of [WEBHOOK_CARRIER, INBOX_CARRIER]) {
      expect(new Set(waiting(carrier).map(({ key }) => key)).size, carrier).toBe(2);
    }
  });

  it("says messages of a chat by their frames' names", () => {
    scene = new RoomScene("general", {}, KINDS);
    scene.subscriptions = subscriptionsTo("general", [webhook("a", ["new_message"])]);
    scene.restart();
    scene.join("ada");
    scene.hear("ada", { type: "send_message", messageId: "m-1", payload: { content: "Hi" } });
    scene.flush();
    expect(JSON.parse(String(waiting(WEBHOOK_CARRIER)[0]?.body))).toMatchObject({
      type: "new_message",
      data: { room: "general", seq: 1, userId: "ada", payload: { content: "Hi" } },
    });
  });

  it("leaves the room's notices their place, however much waits for a webhook", () => {
    hearing(webhook("a", ["order.moved"]));
    for (let i = 0; i < 5; i++) move(`place-${i}`);
    expect(scene.store.outbox.of(WEBHOOK_CARRIER).hasRoomFor(1, 5)).toBe(false);
    expect(scene.store.outbox.of(INBOX_CARRIER).hasRoomFor(5, 5)).toBe(true);
  });

  it("runs rules after the commit, each event a recipient of its own", () => {
    const rules = { has: (name: string) => name === "order.moved", run: async () => {} };
    scene.subscriptions = [afterSubscription(rules)];
    scene.restart();
    scene.join("ada");
    move("oven");
    move("door");
    expect(waiting(AFTER_CARRIER).map(({ to }) => to.recipient)).toEqual([
      "epoch-1#1",
      "epoch-1#2",
    ]);
  });
});
