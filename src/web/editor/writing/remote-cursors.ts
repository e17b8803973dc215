import { Annotation, type Extension, type Range } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  type PluginValue,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { hueClass } from "../../people/hue.ts";
import { personOf } from "../state/person.ts";
import { placeIn } from "./cursor-place.ts";
import { RemoteCursor } from "./remote-cursor.ts";

/** More than these are not drawn: each is found anew in the text whenever one of them moves. */
const CURSORS = 50;

const othersMoved = Annotation.define<true>();

/**
 * Tells the others where one is in the text, and draws where they are. As y-codemirror.next tells it, so
 * that its editors and this one see each other; drawn here, for it styles elements by attributes, which
 * the page's policy forbids.
 */
export function remoteCursors(text: Y.Text, awareness: Awareness): Extension {
  return ViewPlugin.define((view) => new Cursors(view, text, awareness), {
    decorations: ({ drawn }) => drawn,
  });
}

class Cursors implements PluginValue {
  readonly #text: Y.Text;
  readonly #awareness: Awareness;
  readonly #heard: (change: Readonly<Record<"added" | "updated" | "removed", number[]>>) => void;
  drawn: DecorationSet;

  constructor(view: EditorView, text: Y.Text, awareness: Awareness) {
    this.#text = text;
    this.#awareness = awareness;
    this.#heard = ({ added, updated, removed }) => {
      const isOthers = [...added, ...updated, ...removed].some((id) => id !== awareness.clientID);
      if (isOthers) view.dispatch({ annotations: othersMoved.of(true) });
    };
    awareness.on("change", this.#heard);
    this.drawn = this.#draw(view.state.doc.length);
  }

  update(update: ViewUpdate): void {
    if (update.docChanged || update.selectionSet || update.focusChanged) this.#tell(update.view);
    const isMoved = update.transactions.some((one) => one.annotation(othersMoved) === true);
    if (isMoved) this.drawn = this.#draw(update.state.doc.length);
    else if (update.docChanged) this.drawn = this.drawn.map(update.changes);
  }

  destroy(): void {
    this.#awareness.off("change", this.#heard);
  }

  #tell(view: EditorView): void {
    // One who looks elsewhere stays where one was.
    if (!view.hasFocus) return;
    const { anchor, head } = view.state.selection.main;
    const place = {
      anchor: Y.createRelativePositionFromTypeIndex(this.#text, anchor),
      head: Y.createRelativePositionFromTypeIndex(this.#text, head),
    };
    const before: unknown = this.#awareness.getLocalState()?.["cursor"];
    if (JSON.stringify(before) !== JSON.stringify(place)) {
      this.#awareness.setLocalStateField("cursor", place);
    }
  }

  #draw(length: number): DecorationSet {
    const ranges: Range<Decoration>[] = [];
    let count = 0;
    for (const [clientId, state] of this.#awareness.getStates()) {
      if (clientId === this.#awareness.clientID || count === CURSORS) continue;
      const cursor: unknown = state["cursor"];
      const ends = [placeIn(this.#text, cursor, "anchor"), placeIn(this.#text, cursor, "head")];
      const [anchor, head] = ends.map((at) => (at === undefined ? at : Math.min(at, length)));
      if (anchor === undefined || head === undefined) continue;
      count++;
      const person = personOf(clientId, state);
      const [from, to] = anchor < head ? [anchor, head] : [head, anchor];
      if (from < to) {
        ranges.push(
          Decoration.mark({ class: `remote-selection ${hueClass(person.id)}` }).range(from, to),
        );
      }
      const widget = new RemoteCursor(person, JSON.stringify(cursor));
      ranges.push(Decoration.widget({ widget, side: head > anchor ? -1 : 1 }).range(head));
    }
    return Decoration.set(ranges, true);
  }
}
