import * as Y from "yjs";

/**
 * Where in a text an end of somebody's selection is, as a cursor of y-codemirror.next tells it; whatever
 * they may have sent. `undefined` for what is no place in this text.
 */
export function placeIn(text: Y.Text, cursor: unknown, end: "anchor" | "head"): number | undefined {
  const { doc } = text;
  if (doc === null || typeof cursor !== "object" || cursor === null) return undefined;
  try {
    const place = Y.createRelativePositionFromJSON(Reflect.get(cursor, end));
    // Yjs makes a type of every name that it is asked for: one for each that a stranger may think of.
    const root: unknown = place.tname === null ? text : doc.share.get(place.tname);
    if (root !== text) return undefined;
    const found = Y.createAbsolutePositionFromRelativePosition(place, doc);
    return found?.type === text ? found.index : undefined;
  } catch {
    return undefined;
  }
}
