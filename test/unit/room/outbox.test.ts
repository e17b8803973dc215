import { describe, expect, it } from "vitest";
import { FIRST_RETRY_MS, retryDelayMs } from "../../../src/room/outbox.ts";
import { BACKEND, RoomScene, T0 } from "./support/scene.ts";

function say(scene: RoomScene, userId: string, messageId: string, payload: object): void {
  const actor = { userId, name: userId.toUpperCase(), permissions: ["read", "write"] } as const;
  const frame = {
    type: "send_message",
    messageId,
    payload: { content: "hi", ...payload },
  } as const;
  scene.ask(actor, frame);
}

function waiting(scene: RoomScene) {
  return scene.store.outbox.due(T0 + FIRST_RETRY_MS, 100);
}

describe("the outbox of a chat", () => {
  it("holds a notice for each person mentioned or answered, once, and never for the author", () => {
    const scene = new RoomScene("general");
    say(scene, "ada", "m1", {});
    say(scene, "ben", "m2", { replyTo: 1, mentions: ["cyd", "ben", "cyd"] });
    expect(waiting(scene)).toMatchObject([
      {
        recipient: "ada",
        key: "epoch-1#2",
        source: 2,
        content: {
          type: "reply",
          title: "BEN replied to you in general",
          data: { room: "general", seq: 2, userId: "ben" },
        },
      },
      { recipient: "cyd", content: { type: "mention" } },
    ]);
    say(scene, "ben", "m3", { replyTo: 1, mentions: ["ada"] });
    expect(waiting(scene).slice(2)).toMatchObject([
      { recipient: "ada", content: { type: "mention" } },
    ]);
    say(scene, "ada", "m4", { replyTo: 1, mentions: ["ada"] });
    expect(waiting(scene)).toHaveLength(3);
  });

  it("never holds what a message says: a deletion could not take it back", () => {
    const scene = new RoomScene("general");
    say(scene, "ada", "m1", { content: "hush", mentions: ["ben"] });
    expect(JSON.stringify(waiting(scene))).not.toContain("hush");
  });

  it("gains nothing by a message that was sent before or could not be stored", () => {
    const scene = new RoomScene("general");
    say(scene, "ada", "m1", { mentions: ["ben"] });
    say(scene, "ada", "m1", { mentions: ["ben"] });
    scene.database.failing = true;
    say(scene, "ada", "m2", { mentions: ["ben"] });
    scene.database.failing = false;
    expect(waiting(scene)).toHaveLength(1);
  });

  it("outlives a restart, and says when it is due", () => {
    const scene = new RoomScene("general");
    say(scene, "ada", "m1", { mentions: ["ben", "cyd"] });
    scene.restart();
    const { outbox } = scene.store;
    expect(outbox.nextDue(T0)).toBe(T0 + FIRST_RETRY_MS);
    const [first, second] = waiting(scene);
    outbox.remove([first?.id ?? 0]);
    outbox.postpone(second?.id ?? 0, T0 + 1_000);
    expect(outbox.nextDue(T0)).toBe(T0 + 1_000);
    expect(outbox.due(T0 + 1_000, 10)).toMatchObject([{ recipient: "cyd", tries: 1 }]);
  });

  it("holds nothing for what the backend says in an inbox", () => {
    const scene = new RoomScene("user:ada");
    scene.ask(BACKEND, { type: "notify", messageId: "n", payload: { type: "t", title: "t" } });
    expect(scene.store.outbox.nextDue(T0)).toBeUndefined();
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
