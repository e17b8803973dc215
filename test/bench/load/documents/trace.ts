import * as Y from "yjs";
import { seededRandom } from "../../../../src/testing/seeded-random.ts";
import { ROOT_TEXT } from "./author.ts";

/** How often the writer goes on elsewhere, and how often something is taken back. */
const JUMPS = 0.02;
const DELETIONS = 0.298;
const SEED = 20_261_126;
const CLIENT = 1_234_567_891;

/**
 * The updates of one writer who types, corrects and jumps about, one character at a time: in the
 * proportions of the "B4" trace of crdt-benchmarks (182,315 insertions and 77,463 deletions), which is
 * too large to be brought along.
 */
export function tracedUpdates(edits: number): { updates: readonly Uint8Array[]; text: string } {
  const random = seededRandom(SEED);
  const doc = new Y.Doc();
  doc.clientID = CLIENT;
  const text = doc.getText(ROOT_TEXT);
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  let at = 0;
  while (updates.length < edits) {
    if (random() < JUMPS) at = Math.floor(random() * (text.length + 1));
    if (random() < DELETIONS && at > 0) {
      at -= 1;
      text.delete(at, 1);
    } else {
      text.insert(at, String.fromCharCode(97 + Math.floor(random() * 26)));
      at += 1;
    }
  }
  return { updates, text: text.toString() };
}
