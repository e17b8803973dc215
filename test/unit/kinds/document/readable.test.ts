import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { IncomingFrame } from "../../../../src/client/frame-reader.ts";
import { field } from "../../../../src/client/frame-shape.ts";
import { EveryReader } from "../../room/support/every-reader.ts";
import {
  encoded,
  inJson,
  PARAMETERS,
  PATH,
  RUNS,
  SEED,
  TIMEOUT_MS,
} from "../../room/support/law.ts";
import { nastyBinary } from "../../room/support/nasty.ts";
import { RoomScene } from "../../room/support/scene.ts";

/** Three frames each, of which ten bad ones in a row end a connection. */
const EDITS = 3;

describe(`whatever a document in JSON accepts, every reader reads (seed ${SEED})`, () => {
  const edit = fc.record({
    way: fc.constantFrom("json" as const, "msgpack" as const),
    changes: fc.array(nastyBinary, { minLength: 1, maxLength: 3 }),
    position: nastyBinary,
    snapshot: nastyBinary,
  });

  it(
    "live, to whoever comes or comes back, and after a restart: to the last digit",
    () => {
      let shown = 0;
      const law = fc.property(fc.array(edit, { minLength: 1, maxLength: EDITS }), (edits) => {
        const scene = new RoomScene("document:law");
        const reader = new EveryReader(scene, "live", "reader");
        for (const wire of ["json", "msgpack"] as const) scene.join(wire, { wire });
        const taken: unknown[] = [];
        let version = 0;
        for (const [index, { way, changes, position, snapshot }] of edits.entries()) {
          const hear = (type: string, payload: object) => {
            const frame = { type, messageId: `${type}-${index}`, payload };
            scene.hear(way, way === "json" ? (inJson(frame) as object) : encoded(frame));
          };
          hear("document_change", { version, changes });
          hear("cursor_move", { position });
          scene.flush();
          if (!isTaken(scene, way, `document_change-${index}`)) continue;
          taken.push(changes);
          version += changes.length;
          hear("document_snapshot", { version, snapshot });
          scene.flush();
        }
        const told = reader.frames().filter(({ type }) => type === "remote_change");
        expect(JSON.stringify(told.map(changesOf))).toBe(JSON.stringify(inJson(taken)));
        shown += told.length;
        for (const wire of ["json", "msgpack"] as const) {
          expect(scene.sockets.payloads(wire, "error")).toEqual([]);
        }
        const start = { epoch: scene.store.log.epoch, seq: 0 };
        for (const life of ["reader", "restarted"]) {
          const [first] = new EveryReader(scene, `${life} new`, life).frames();
          expect(first).toMatchObject({ type: "joined_document" });
          const again = new EveryReader(scene, `${life} again`, life, start).frames();
          expect(again.map(({ type }) => type)).toContain("joined_document");
          scene.restart();
        }
      });
      fc.assert(law, PARAMETERS);
      if (PATH === undefined) expect(shown, "or it proves nothing").toBeGreaterThan(RUNS / 2);
    },
    TIMEOUT_MS,
  );
});

/** Whether a frame was acknowledged as done. */
function isTaken({ sockets }: RoomScene, id: string, messageId: string): boolean {
  // The change itself, which it is told as well, carries the same.
  const acks = sockets.of(id).filter(({ type }) => type === "ack");
  return acks.find((ack) => ack.messageId === messageId)?.payload["success"] === true;
}

function changesOf(frame: IncomingFrame): unknown {
  return Object(field(frame, "payload")).changes;
}
