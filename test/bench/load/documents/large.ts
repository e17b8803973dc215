import * as Y from "yjs";
import { ROOT_TEXT } from "./author.ts";

const CLIENT = 1_234_567_893;
/** So that an update fits into a client's frame of less than 64 KiB. */
const EDITS_PER_UPDATE = 3_000;

/** A document and how it was written. */
export interface Large {
  readonly updates: readonly Uint8Array[];
  readonly client: number;
  /** The clock after all of it. */
  readonly clock: number;
  readonly encodedBytes: number;
}

let made: Large | undefined;

/** A document of some 9 MB encoded: each word before the last one, so that none joins another. Made once. */
export function largeDocument(): Large {
  made ??= make(9_000_000);
  return made;
}

function make(bytes: number): Large {
  const doc = new Y.Doc();
  doc.clientID = CLIENT;
  const text = doc.getText(ROOT_TEXT);
  const updates: Uint8Array[] = [];
  let size = 0;
  doc.on("update", (update: Uint8Array) => {
    updates.push(update);
    size += update.length;
  });
  while (size < bytes) {
    doc.transact(() => {
      for (let edit = 0; edit < EDITS_PER_UPDATE; edit++) {
        text.insert(0, "ab");
      }
    });
  }
  const encodedBytes = Y.encodeStateAsUpdate(doc).length;
  return { updates, client: CLIENT, clock: Y.getState(doc.store, CLIENT), encodedBytes };
}
