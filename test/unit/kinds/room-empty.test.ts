import { describe, expect, it } from "vitest";
import * as z from "zod";
import { contract, kind } from "../../../src/contract/index.ts";
import { BUILT_IN } from "../../../src/kinds/built-in.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { ROOM_EMPTY } from "../../../src/protocol/room-empty.ts";
import { RoomScene, T0 } from "../room/support/scene.ts";

const tidy = contract("tidy", { events: { swept: z.object({}) } });

const KINDS = new KindTable([
  ...BUILT_IN,
  kind(tidy, {
    empty({ tx }) {
      tx.append("swept", {});
      throw new Error("a rule that fails");
    },
  }),
]);

/** A room that somebody outside listens to. */
function listenedTo(name: string, event = ROOM_EMPTY): RoomScene {
  const scene = new RoomScene(name, {}, KINDS);
  const to = { carrier: "webhook", recipient: "tickets" };
  scene.subscriptions = [{ address: () => to, hears: (told) => told === event }];
  scene.restart();
  return scene;
}

function told({ store }: RoomScene): readonly { readonly key: string; readonly said: object }[] {
  const all = { now: T0, except: [], recipients: 9, each: 9 };
  return store.outbox
    .of("webhook")
    .waiting(all)
    .map(({ key, body }) => ({ key, said: JSON.parse(String(body)) }));
}

describe("a webhook that listens to room_empty (P13.6)", () => {
  it("is told by a chat when the last one leaves, each time, under a key of its own", () => {
    const scene = listenedTo("general");
    for (const user of ["ada", "ben"]) scene.join(user);
    scene.room.leave("ada", T0);
    scene.flush();
    expect(told(scene)).toEqual([]);
    scene.room.leave("ben", T0);
    scene.flush();
    expect(told(scene).map(({ said }) => said)).toMatchObject([
      { type: "room_empty", data: { room: "general", payload: {} } },
    ]);
    scene.join("ada");
    scene.room.leave("ada", T0 + 5);
    scene.flush(T0 + 5);
    expect(new Set(told(scene).map(({ key }) => key)).size).toBe(2);
  });

  it("is told once by a room that a crash has emptied", () => {
    const scene = listenedTo("general");
    scene.join("ada");
    for (let lives = 0; lives < 2; lives++) {
      scene.restart();
      scene.room.sweep(T0 + 10);
      scene.flush(T0 + 10);
    }
    expect(told(scene)).toHaveLength(1);
  });

  it("is told also where the rule of that moment fails, of which nothing is stored", () => {
    const scene = listenedTo("tidy:x");
    scene.join("ada");
    scene.room.leave("ada", T0);
    const { failures } = scene.flush();
    expect(failures.map(String)).toEqual(["RuleFailure: empty: Error: a rule that fails"]);
    expect(told(scene)).toHaveLength(1);
    expect(scene.store.log.head).toBe(0);
    expect(scene.room.counters.counts.refusals).toEqual({ internal: 1 });
  });

  it("costs a room nothing that nobody listens to", () => {
    const scene = listenedTo("general", "new_message");
    scene.join("ada");
    scene.room.leave("ada", T0);
    scene.flush();
    expect(scene.store.isWritten).toBe(false);
  });
});
