import type { Extension } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin } from "@codemirror/view";

const ownDirection = Decoration.line({ attributes: { dir: "auto" } });

/** Each line is written in the direction of its own first letters. */
export function lineDirection(): Extension {
  return [
    EditorView.perLineTextDirection.of(true),
    ViewPlugin.define(
      (view) => ({
        lines: linesIn(view),
        update(update) {
          if (update.docChanged || update.viewportChanged) this.lines = linesIn(update.view);
        },
      }),
      { decorations: ({ lines }) => lines },
    ),
  ];
}

function linesIn({ state, visibleRanges }: EditorView): DecorationSet {
  const lines = new Set<number>();
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at);
      lines.add(line.from);
      at = line.to + 1;
    }
  }
  return Decoration.set([...lines].map((from) => ownDirection.range(from)));
}
