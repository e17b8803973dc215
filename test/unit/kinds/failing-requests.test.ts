import { beforeEach, describe, expect, it } from "vitest";
import { Desk } from "../../../src/objects/desk.ts";
import { TIMER_CARRIER } from "../../../src/room/store/dead-letters.ts";
import { limitsOf } from "../../../src/testing/room-life.ts";
import { RoomScene, T0 } from "../room/support/scene.ts";
import { breakIn, FRAGILE, type Place } from "./support/fragile-kind.ts";

let scene: RoomScene;

beforeEach(() => {
  breakIn();
  scene = new RoomScene("topic:fragile", {}, FRAGILE);
});

describe("a kind whose code throws where somebody asks by request", () => {
  it.each<[Place, (desk: Desk) => Promise<unknown>]>([
    ["page", (desk) => desk.history(ASKING, { limit: 9 })],
    ["page", (desk) => desk.notifications(ASKING, { limit: 9, unreadOnly: false })],
    ["poll", (desk) => desk.poll(ASKING, undefined)],
    ["resume", (desk) => desk.poll(ASKING, undefined)],
    ["placeOf", (desk) => desk.poll(ASKING, undefined)],
    ["placeOf", (desk) => desk.history(ASKING, { limit: 9 })],
    ["placeOf", (desk) => desk.state(ASKING)],
    ["placeOf", (desk) => desk.snapshot(ASKING)],
    ["poll", (desk) => desk.state(ASKING)],
    ["whole", (desk) => desk.snapshot(ASKING)],
    ["lastValues", (desk) => desk.forgetLast({ ...ASKING, permissions: ["moderate"] }, "cpu")],
  ])("in %s refuses whoever asks for it, and is told to the owner", async (place, ask) => {
    const desk = deskOf(scene);
    expect(await ask(desk)).toMatchObject({ ok: true });
    breakIn(place);
    expect(await ask(desk)).toMatchObject({ ok: false, error: { code: "internal" } });
    expect(scene.room.counters.counts.refusals["internal"]).toBeGreaterThan(0);
    expect(scene.flush().failures).toEqual([new Error(`broken in ${place}`)]);
    breakIn();
    expect(await ask(desk)).toMatchObject({ ok: true });
  });
});

it("a kind that cannot take a timer back leaves it where it is, and the room goes on", async () => {
  const to = { carrier: TIMER_CARRIER, recipient: "soon" };
  const letter = { to, source: 0, key: "k", body: null, reason: "failed", at: T0 };
  scene.store.deadLetters.add(letter, T0);
  breakIn("revive");
  const resent = await deskOf(scene).resend({ ...ASKING, backend: true }, undefined);
  expect(resent).toMatchObject({ ok: false, error: { code: "internal" } });
  expect(scene.store.deadLetters.count).toBe(1);
  expect(scene.flush().failures).toEqual([new Error("broken in revive")]);
});

const ASKING = { userId: "ada", name: "Ada", permissions: ["read"] } as const;

/** The desk of a scene's room. */
function deskOf({ room, store }: RoomScene): Desk {
  const unasked = () => {
    throw new Error("nobody asks for this");
  };
  return new Desk({
    kind: store.kind,
    room,
    store,
    limits: limitsOf(),
    numbers: unasked,
    storedBytes: unasked,
    retry: unasked,
    audited: () => {},
    erase: unasked,
    restore: unasked,
    nudged: unasked,
  });
}
