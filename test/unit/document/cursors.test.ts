import * as encoding from "lib0/encoding";
import { expect, it } from "vitest";
import { Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import { writeShown } from "../../../src/document/awareness-message.ts";
import { EDITOR_BOUNDS } from "../../../src/protocol/editor-limits.ts";
import { YJS_BOUNDS } from "../../../src/protocol/yjs-limits.ts";
import { DocumentScene, type Peer } from "./support/document-scene.ts";

const CLIENT = 7;

function show(peer: Peer, clock: number, state: string | null): void {
  const shown = writeShown([{ client: CLIENT, clock, state }]);
  peer.say(1, (encoder) => encoding.writeVarUint8Array(encoder, shown));
}

/** Somebody who shows a cursor, and somebody who sees it. */
function two() {
  const scene = new DocumentScene();
  const [ada, ben] = [scene.join("ada"), scene.join("ben")];
  const awareness = new Awareness(ben.doc);
  ben.awareness = awareness;
  return { scene, ada, seen: () => awareness.getStates().get(CLIENT) };
}

it("a cursor may be hidden and shown again for as long as its owner is there (P17.6)", () => {
  const { scene, ada, seen } = two();
  for (let clock = 1; clock <= 2 * YJS_BOUNDS.awarenessNamed; clock += 2) {
    show(ada, clock, '{"name":"Ada"}');
    show(ada, clock + 1, null);
  }
  show(ada, 2 * YJS_BOUNDS.awarenessNamed + 1, '{"name":"Ada"}');
  scene.pass(200);
  expect(seen()).toEqual({ name: "Ada" });
  expect(ada.denials).toEqual([]);
});

it("a clock that is set back holds up no cursor, and keeps nothing awake", () => {
  const { scene, ada, seen } = two();
  show(ada, 1, '{"name":"Ada"}');
  scene.pass(1_000);
  scene.now -= 3_600_000;
  show(ada, 2, '{"name":"Ada","at":1}');
  scene.pass(1_000);
  expect(seen()).toEqual({ name: "Ada", at: 1 });
  scene.pass(2 * EDITOR_BOUNDS.keepGapMs);
  expect(scene.live.hasWork).toBe(false);
});

it("whoever is asked to show itself again is told with what is new, in one message (P17.4)", () => {
  const { scene, ada, seen } = two();
  const ben = scene.enter("back");
  const awareness = new Awareness(ada.doc);
  awareness.setLocalState({ name: "Ada" });
  ada.awareness = awareness;
  for (let time = 0; time < 2; time++) {
    const shown = encodeAwarenessUpdate(awareness, [awareness.clientID]);
    ada.say(1, (encoder) => encoding.writeVarUint8Array(encoder, shown));
    scene.pass(100);
  }
  show(ben, 1, '{"name":"Ben"}');
  scene.pass(1_000);
  expect(seen()).toEqual({ name: "Ben" });
  scene.leave("back");
  scene.pass(1_000);
  const clock = awareness.meta.get(awareness.clientID)?.clock ?? 0;
  ada.frames.length = 0;
  show(scene.enter("again"), 2, '{"name":"Ben again"}');
  scene.pass(1_000);
  expect(ada.frames.filter(([type]) => type === 1)).toHaveLength(1);
  expect(awareness.meta.get(awareness.clientID)?.clock).toBe(clock + 1);
  expect([seen(), awareness.getStates().get(CLIENT)]).toEqual(Array(2).fill({ name: "Ben again" }));
});
