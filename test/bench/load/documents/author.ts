import * as Y from "yjs";

/** The root that everybody writes into. */
export const ROOT_TEXT = "text";

/** Somebody who types at the end of what they have written; each edit is one character and one clock. */
export class Author {
  readonly client: number;
  readonly #text: Y.Text;
  /** When each of its edits was due, by its clock, in milliseconds of `performance.now`. */
  readonly dueAt: number[] = [];
  #edit: Uint8Array | undefined;

  /** @param client of Yjs: nine digits, as a stock client draws them. */
  constructor(client: number) {
    const doc = new Y.Doc();
    doc.clientID = client;
    this.client = client;
    this.#text = doc.getText(ROOT_TEXT);
    doc.on("update", (update: Uint8Array) => {
      this.#edit = update;
    });
  }

  /** How many edits it has made. */
  get clock(): number {
    return this.dueAt.length;
  }

  /** Types one character, and returns the update that says so. */
  type(dueAt: number): Uint8Array {
    this.dueAt.push(dueAt);
    this.#text.insert(this.#text.length, String.fromCharCode(97 + (this.clock % 26)));
    if (this.#edit === undefined) throw new Error("The edit was not told.");
    return this.#edit;
  }
}
