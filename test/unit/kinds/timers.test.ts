import { expect, it } from "vitest";
import * as z from "zod";
import { contract, kind } from "../../../src/contract/index.ts";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import { BACKEND, RoomScene, T0 } from "../room/support/scene.ts";

const HOUR_MS = 3_600_000;

const growing = contract("growing", {
  events: { grow: z.object({ by: z.number() }) },
  timers: { more: z.object({}) },
  state: z.object({ text: z.string() }),
  initial: { text: "" },
  apply: { grow: (_, { data }) => ({ text: "x".repeat(data.by) }) },
});

const rules = kind(growing, {
  before: {
    grow({ tx, now }) {
      tx.schedule("more", now + 1_000, {});
    },
  },
  timers: { more: ({ tx }) => tx.append("grow", { by: BOUNDS.stateChars }) },
});

it("a timer that leads to too large a state is put off, and wakes its room no sooner", () => {
  const scene = new RoomScene("growing:a", {}, new KindTable([...BUILT_IN, rules]));
  const actor = { ...BACKEND, permissions: ["write"] as const };
  scene.ask(actor, { type: "grow", messageId: "m", payload: { by: 1 } });
  let now = T0 + 1_000;
  for (const waitMs of [1_000, 2_000, 4_000]) {
    scene.room.sweep(now);
    expect(scene.flush(now).failures).toMatchObject([
      { hook: "apply", cause: expect.any(RangeError) },
    ]);
    scene.room.sweep(now);
    expect(scene.room.wakeAt).toBe(now + waitMs);
    now += waitMs;
  }
  expect(scene.store.log.head).toBe(1);
});

const bell = contract("bell", { timers: { ring: z.object({}) } });
const bells = kind(bell, {
  joined: ({ tx, now }) => tx.schedule("ring", now + 1_000, {}),
  timers: {
    ring() {
      throw new Error("a rule that fails");
    },
  },
});

it("a timer that is given up where nobody is, and no log, leaves a room that looks for its end", () => {
  const scene = new RoomScene("bell:a", { HISTORY_MAX_DAYS: "2" }, new KindTable([bells]));
  scene.join("ada");
  scene.room.leave("ada", T0);
  scene.flush(T0);
  let now = T0 + 1_000;
  for (; scene.store.deadLetters.count === 0 && now < T0 + 100 * HOUR_MS; now += HOUR_MS) {
    scene.room.sweep(now);
    scene.flush(now);
  }
  const givenUpAt = now - HOUR_MS;
  const lookAt = scene.room.wakeAt ?? Number.POSITIVE_INFINITY;
  expect(lookAt).toBeLessThan(now);
  scene.room.sweep(lookAt);
  expect(scene.room.wakeAt).toBe(givenUpAt + 48 * HOUR_MS);
});
