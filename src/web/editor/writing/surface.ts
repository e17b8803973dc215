import { defaultKeymap, indentWithTab } from "@codemirror/commands";
import { openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { lineDirection } from "./line-direction.ts";
import { markdownLooks } from "./markdown-looks.ts";
import { remoteCursors } from "./remote-cursors.ts";

/** What a surface is made of. */
export interface SurfaceOptions {
  readonly parent: HTMLElement;
  readonly text: Y.Text;
  readonly awareness: Awareness;
  /** What the text is called for whoever cannot see it. */
  readonly label: string;
  /** Id of the element that says how to leave the text. */
  readonly describedBy: string;
}

/** Where a document's text is written. */
export class Surface {
  readonly #view: EditorView;
  readonly #rights = new Compartment();
  readonly #hint = new Compartment();

  constructor({ parent, text, awareness, label, describedBy }: SurfaceOptions) {
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text.toString(),
        extensions: [
          this.#rights.of(rights(false)),
          this.#hint.of([]),
          yCollab(text, null),
          remoteCursors(text, awareness),
          EditorView.lineWrapping,
          lineDirection(),
          markdownLooks(),
          search({ top: true }),
          leavingByTab(),
          keymap.of([...yUndoManagerKeymap, ...searchKeymap, indentWithTab, ...defaultKeymap]),
          EditorView.contentAttributes.of({
            id: "text",
            // What cannot be edited is no stop of the Tab key by itself, and then cannot be scrolled by keys.
            tabindex: "0",
            "aria-label": label,
            "aria-describedby": describedBy,
            spellcheck: "true",
            autocorrect: "on",
            autocapitalize: "sentences",
          }),
        ],
      }),
    });
  }

  /** Lets the person write, or read alone. */
  setWritable(isWritable: boolean): void {
    this.#view.dispatch({ effects: this.#rights.reconfigure(rights(isWritable)) });
  }

  /** What stands where there is no text yet. */
  setPlaceholder(words: string): void {
    this.#view.dispatch({ effects: this.#hint.reconfigure(placeholder(words)) });
  }

  /** Opens the panel that looks for text, with the focus in it. */
  find(): void {
    openSearchPanel(this.#view);
  }

  destroy(): void {
    this.#view.destroy();
  }
}

function rights(isWritable: boolean): Extension {
  return [
    EditorState.readOnly.of(!isWritable),
    EditorView.editable.of(isWritable),
    isWritable ? [] : EditorView.contentAttributes.of({ "aria-readonly": "true" }),
  ];
}

/** Tab indents, for lists; after Escape it goes on to the next control, until one writes again. */
function leavingByTab(): Extension {
  return EditorView.domEventHandlers({
    keydown: ({ key }, view) => {
      if (key === "Escape") view.setTabFocusMode(true);
      else if (key !== "Tab" && key !== "Shift") view.setTabFocusMode(false);
      return false;
    },
    blur: (_, view) => view.setTabFocusMode(false),
  });
}
