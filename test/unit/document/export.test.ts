import { describe, expect, it } from "vitest";
import * as Y from "yjs";
import { exportJson, exportText } from "../../../src/document/export.ts";
import { parseRoots, type RootType } from "../../../src/document/root-type.ts";
import { POISON } from "./support/poison.ts";

function written(write: (doc: Y.Doc) => void): readonly Uint8Array[] {
  const doc = new Y.Doc();
  write(doc);
  return [Y.encodeStateAsUpdate(doc)];
}

function element(name: string): Y.XmlElement {
  return new Y.XmlElement(name);
}

const ROOTS: readonly (readonly [string, (doc: Y.Doc) => void, unknown])[] = [
  ["a text", (doc) => doc.getText("r").insert(0, "hello"), "hello"],
  ["a text of marks alone", (doc) => doc.getText("r").insertEmbed(0, { image: "a" }), ""],
  [
    "a text with a shared type in it before its letters",
    (doc) => {
      doc.getText("r").insert(0, "after");
      doc.getText("r").insertEmbed(0, new Y.Map());
    },
    "after",
  ],
  ["a map", (doc) => doc.getMap("r").set("a", { b: [1, null] }), { a: { b: [1, null] } }],
  ["a map of texts", (doc) => doc.getMap("r").set("a", new Y.Text("hi")), { a: "hi" }],
  ["an array", (doc) => doc.getArray("r").insert(0, [1, "two", new Y.Map()]), [1, "two", {}]],
  ["an array of texts", (doc) => doc.getArray("r").insert(0, [new Y.Text("hi")]), ["hi"]],
  ["XML", (doc) => doc.getXmlFragment("r").insert(0, [element("p")]), "<p></p>"],
  [
    "what was deleted",
    (doc) => {
      doc.getText("r").insert(0, "gone");
      doc.getText("r").delete(0, 4);
    },
    null,
  ],
  ["bytes", (doc) => doc.getMap("r").set("a", Uint8Array.of(1, 2, 255)), { a: "AQL/" }],
  ["a large integer", (doc) => doc.getMap("r").set("a", 2n ** 60n), { a: String(2n ** 60n) }],
  ["a document within it", (doc) => doc.getMap("r").set("a", new Y.Doc({ guid: "g" })), { a: "g" }],
  ["no number", (doc) => doc.getArray("r").insert(0, [Number.NaN, { a: undefined }]), [null, {}]],
];

describe("a document as JSON", () => {
  it.each(ROOTS)("shows %s, whose type nobody named", (_, write, value) => {
    const exported = exportJson(written(write));
    expect(exported).toEqual({ kind: "built", value: { r: value } });
    expect(JSON.parse(JSON.stringify(exported))).toEqual(exported);
  });

  it("takes roots for what they are said to be, also those that are not there", () => {
    const emptied = written((doc) => {
      doc.getText("t").insert(0, "gone");
      doc.getText("t").delete(0, 4);
    });
    const roots = new Map<string, RootType>([
      ["t", "text"],
      ["m", "map"],
      ["a", "array"],
      ["x", "xml"],
    ]);
    expect(exportJson(emptied, roots)).toEqual({
      kind: "built",
      value: { t: "", m: {}, a: [], x: "" },
    });
  });

  it("is nothing for a document that was never written to", () => {
    expect(exportJson([])).toEqual({ kind: "built", value: {} });
  });

  it("says that a document is broken, and throws nothing", () => {
    expect(exportJson([POISON])).toMatchObject({ kind: "broken" });
  });
});

describe("a document as text", () => {
  it("is its only text, without the marks", () => {
    const parts = written((doc) => {
      doc.getText("notes").insert(0, "hello", { bold: true });
      doc.getMap("settings").set("a", 1);
    });
    expect(exportText(parts)).toEqual({ kind: "built", value: { kind: "text", text: "hello" } });
  });

  it("is the text that was named", () => {
    const parts = written((doc) => {
      doc.getText("a").insert(0, "one");
      doc.getText("b").insert(0, "two");
    });
    expect(exportText(parts, "b")).toMatchObject({ value: { text: "two" } });
    expect(exportText(parts)).toMatchObject({ value: { kind: "ambiguous", roots: ["a", "b"] } });
  });

  it("is empty where all was deleted, or nothing was written", () => {
    const emptied = written((doc) => {
      doc.getText("t").insert(0, "gone");
      doc.getText("t").delete(0, 4);
    });
    expect(exportText(emptied)).toMatchObject({ value: { kind: "text", text: "" } });
    expect(exportText([])).toMatchObject({ value: { kind: "text", text: "" } });
  });

  it("is not there in a document without a text", () => {
    const parts = written((doc) => doc.getMap("m").set("a", 1));
    expect(exportText(parts)).toMatchObject({ value: { kind: "ambiguous", roots: [] } });
  });
});

describe("the types of roots in an address", () => {
  it("are pairs, and the last colon divides", () => {
    expect(parseRoots("t:text,a:b:map")).toEqual({
      ok: true,
      roots: new Map([
        ["t", "text"],
        ["a:b", "map"],
      ]),
    });
  });

  it.each(["", "t", "t:", "t:list", "t:text,"])("are refused when they read %j", (text) => {
    expect(parseRoots(text)).toMatchObject({ ok: false });
  });
});
