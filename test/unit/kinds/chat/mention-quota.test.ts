import { describe, expect, it } from "vitest";
import type { Actor } from "../../../../src/room/actor.ts";
import { RoomScene, T0 } from "../../room/support/scene.ts";

const PEOPLE = Array.from({ length: 20 }, (_, i) => `person-${i}`);

function person(userId: string): Actor {
  return { userId, name: userId, permissions: ["read", "write"] };
}

function say(scene: RoomScene, sender: string, messageId: string, mentions: number, now: number) {
  const payload = { content: "hi", mentions: PEOPLE.slice(0, mentions) };
  return scene.ask(person(sender), { type: "send_message", messageId, payload }, now);
}

function roomOfPeople(vars: Readonly<Record<string, string>> = {}): RoomScene {
  const scene = new RoomScene("general", vars);
  for (const userId of PEOPLE) say(scene, userId, `hello of ${userId}`, 0, T0);
  return scene;
}

describe("the people that one sender may tell in a minute", () => {
  it("are no more because the room slept between two bursts", () => {
    const scene = roomOfPeople();
    let told = 0;
    for (let second = 0; second < 60; second += 12) {
      scene.restart();
      for (let i = 0; i < 30; i++) {
        const { ok } = say(scene, "eve", `m-${second}-${i}`, 1, T0 + second * 1_000);
        if (ok) told += 1;
      }
    }
    // A full bucket, and what came in within 48 s.
    expect(told).toBe(30 + 24);
    expect(say(scene, "ben", "of another", 20, T0 + 48_000)).toMatchObject({ ok: true });
  });

  it("are as many again after a quiet minute and a sleep", () => {
    const scene = roomOfPeople();
    for (const id of ["a", "b"]) say(scene, "eve", id, 15, T0);
    scene.restart();
    expect(say(scene, "eve", "c", 1, T0)).toMatchObject({ ok: false });
    scene.restart();
    expect(say(scene, "eve", "d", 15, T0 + 60_000)).toMatchObject({ ok: true });
    expect(say(scene, "eve", "e", 15, T0 + 60_000)).toMatchObject({ ok: true });
  });

  it("are not owed for what was told before the clock was set back and the room slept", () => {
    const scene = roomOfPeople();
    for (const id of ["a", "b"]) say(scene, "eve", id, 15, T0 + 86_400_000);
    for (const id of ["c", "d", "e"]) {
      scene.restart();
      expect(say(scene, "eve", id, 10, T0), id).toMatchObject({ ok: true });
    }
    scene.restart();
    expect(say(scene, "eve", "f", 1, T0)).toMatchObject({ ok: false });
  });

  it("are owed over a sleep when one message told more than there were", () => {
    const scene = roomOfPeople({ LIMIT_MENTIONS_PER_MINUTE: "5" });
    expect(say(scene, "eve", "a", 20, T0)).toMatchObject({ ok: true });
    scene.restart();
    expect(say(scene, "eve", "b", 1, T0 + 170_000)).toMatchObject({ ok: false });
    expect(say(scene, "eve", "c", 1, T0 + 200_000)).toMatchObject({ ok: true });
  });

  it("do not count messages that were not stored", () => {
    const scene = roomOfPeople();
    scene.database.failing = true;
    for (const id of ["a", "b", "c"]) {
      expect(say(scene, "eve", id, 20, T0)).toMatchObject({ ok: false });
    }
    scene.database.failing = false;
    expect(say(scene, "eve", "d", 20, T0)).toMatchObject({ ok: true });
    expect(say(scene, "eve", "e", 10, T0)).toMatchObject({ ok: true });
    expect(say(scene, "eve", "f", 1, T0)).toMatchObject({ ok: false });
  });
});
