import type { IndexeddbPersistence } from "y-indexeddb";

/**
 * Has a copy that cannot be written any more, as when another tab has deleted it or the browser has let
 * go of it, fail by itself: Yjs tells nobody anything ever again once a listener of `update` has thrown,
 * so that what is written from then on would not be sent either.
 */
export function guardUpdates(
  copy: Pick<IndexeddbPersistence, "doc" | "_storeUpdate">,
  failed: () => void,
): void {
  const write = copy._storeUpdate;
  copy.doc.off("update", write);
  copy._storeUpdate = (update, origin) => {
    try {
      write(update, origin);
    } catch {
      failed();
    }
  };
  copy.doc.on("update", copy._storeUpdate);
}
