import { expect, it } from "vitest";
import * as z from "zod";
import { contract, kind } from "../../../src/contract/index.ts";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import { BACKEND, RoomScene, T0 } from "../room/support/scene.ts";

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
    expect(scene.flush(now).failures).toMatchObject([expect.any(RangeError)]);
    scene.room.sweep(now);
    expect(scene.room.wakeAt).toBe(now + waitMs);
    now += waitMs;
  }
  expect(scene.store.log.head).toBe(1);
});
