import * as Y from "yjs";
import type { Random } from "./random.ts";

/** A document that is edited at random, with every kind of content that Yjs has, and tells its updates. */
export class Editor {
  readonly doc = new Y.Doc();
  /** What it has said and nobody took yet. */
  readonly said: Uint8Array[] = [];

  constructor(client: number, said?: (update: Uint8Array) => void) {
    this.doc.clientID = client;
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === "remote") return;
      this.said.push(update);
      said?.(update);
    });
  }

  hear(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update, "remote");
  }

  edit(random: Random): void {
    this.doc.transact(() => {
      for (let left = 1 + random.below(3); left > 0; left--) random.pick(EDITS)(this.doc, random);
    });
  }
}

type Edit = (doc: Y.Doc, random: Random) => void;

// None of two code units: an editor does not cut one in half, and Yjs diverges by itself when it is cut.
const WORDS = ["a", "hello ", "ü€", "x".repeat(40), "\n"];

const insertText: Edit = (doc, random) => {
  const text = doc.getText("text");
  text.insert(random.below(text.length + 1), random.pick(WORDS));
};
const deleteText: Edit = (doc, random) => {
  const text = doc.getText("text");
  if (text.length === 0) return;
  const at = random.below(text.length);
  text.delete(at, Math.min(1 + random.below(5), text.length - at));
};
const formatText: Edit = (doc, random) => {
  const text = doc.getText("text");
  if (text.length > 0)
    text.format(random.below(text.length), 1, { bold: random.next() < 0.5 || null });
};
const embed: Edit = (doc, random) => {
  const text = doc.getText("text");
  text.insertEmbed(random.below(text.length + 1), { image: "a", size: random.below(9) });
};
const setKey: Edit = (doc, random) => {
  const value = random.pick<unknown>([
    1,
    2.5,
    "text",
    null,
    true,
    [1, { a: 2 }],
    new Uint8Array(3),
  ]);
  doc.getMap("map").set(random.pick(["a", "b", "c"]), value);
};
const deleteKey: Edit = (doc, random) => {
  doc.getMap("map").delete(random.pick(["a", "b", "c"]));
};
const nest: Edit = (doc, random) => {
  const inner = new Y.Map<unknown>();
  inner.set("n", random.below(100));
  doc.getMap("map").set("inner", random.next() < 0.5 ? inner : Y.Array.from([1, "two", inner]));
};
const insertItems: Edit = (doc, random) => {
  const array = doc.getArray<unknown>("array");
  array.insert(random.below(array.length + 1), [random.below(100), { deep: [random.below(9)] }]);
};
const deleteItem: Edit = (doc, random) => {
  const array = doc.getArray("array");
  if (array.length > 0) array.delete(random.below(array.length));
};
const addElement: Edit = (doc, random) => {
  const xml = doc.getXmlFragment("xml");
  const element = new Y.XmlElement(random.pick(["p", "b"]));
  element.setAttribute("id", String(random.below(10)));
  element.insert(0, [new Y.XmlText(random.pick(WORDS))]);
  xml.insert(random.below(xml.length + 1), [element]);
};
const deleteElement: Edit = (doc, random) => {
  const xml = doc.getXmlFragment("xml");
  if (xml.length > 0) xml.delete(random.below(xml.length));
};
const addSubdocument: Edit = (doc, random) => {
  doc.getMap("map").set("sub", new Y.Doc({ guid: `sub-${random.below(9)}` }));
};

const EDITS: readonly Edit[] = [
  insertText,
  insertText,
  insertText,
  deleteText,
  deleteText,
  formatText,
  embed,
  setKey,
  deleteKey,
  nest,
  insertItems,
  deleteItem,
  addElement,
  deleteElement,
  addSubdocument,
];

/** What a document shows, to be compared: the same content reads the same. */
export function contentOf(doc: Y.Doc): unknown {
  const content = {
    text: doc.getText("text").toDelta() as unknown,
    map: doc.getMap("map").toJSON(),
    array: doc.getArray("array").toJSON(),
    xml: doc.getXmlFragment("xml").toString(),
  };
  // A document within it is itself in the map's JSON, with all that it refers to.
  return JSON.parse(JSON.stringify(content));
}
