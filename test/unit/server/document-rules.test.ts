import { describe, expect, it } from "vitest";
import { refuse } from "../../../src/contract/index.ts";
import { documentKind } from "../../../src/kinds/document/kind.ts";
import { KindTable } from "../../../src/kinds/kind-table.ts";
import { checkedDocument, type DocumentRules } from "../../../src/server/document-rules.ts";
import { change, DocumentScene } from "../kinds/document/support/document-scene.ts";

describe("rules on documents", () => {
  it("are what a team says before a change is stored, and after it", () => {
    const rules: DocumentRules = {
      before: {
        document_change: ({ data }) => (data.changes.length > 9 ? refuse("conflict") : undefined),
      },
      after: { async remote_change() {} },
      review: { document_change: async () => refuse("conflict"), onTimeout: "pass" },
    };
    expect(checkedDocument(rules)).toEqual(rules);
    expect(checkedDocument()).toEqual({ before: {}, after: {} });
  });

  it.each<[string, unknown, string]>([
    ["nothing", null, "document is an object of rules"],
    ["one that is not known", { authorise: async () => ({ can: [] }) }, "no document.authorise"],
    [
      "one after what no document stores",
      { after: { new_message() {} } },
      "a document stores remote_change",
    ],
    [
      "one that is none",
      { after: { remote_change: 7 } },
      "document.after.remote_change is a function",
    ],
    ["one before what no document is sent", { before: { send_message() {} } }, "send_message"],
  ])("refuse %s when the Worker starts", (_, rules, problem) => {
    const start = () => {
      const { after: _, ...own } = checkedDocument(rules as DocumentRules);
      return documentKind(own);
    };
    expect(start).toThrow(TypeError);
    expect(start).toThrow(problem);
  });

  it("refuse and rewrite changes, whoever asks and however", () => {
    const kind = documentKind({
      before: {
        document_change({ data, actor }) {
          if (actor.id === "eve") return refuse("read_only", "Look, and touch nothing.");
          return { ...data, changes: data.changes.filter((one) => one !== "spam") };
        },
      },
    });
    const scene = new DocumentScene({}, new KindTable([kind]));
    for (const id of ["ada", "eve"]) scene.join(id);
    scene.hear("eve", change(0, ["e"], "e-1"));
    scene.hear("ada", change(0, ["a", "spam"], "a-1"));
    scene.flush();
    expect(scene.acks("eve")).toMatchObject([{ success: false, error: { code: "read_only" } }]);
    expect(scene.acks("ada")).toEqual([{ success: true, savedId: 1, version: 1 }]);
    expect(scene.heard("eve")).toMatchObject([{ from: 0, version: 1, changes: ["a"] }]);
    const frame = change(1, ["spam"], "a-2");
    const actor = { userId: "ada", name: "Ada", permissions: ["write"] } as const;
    expect(scene.ask(actor, frame)).toMatchObject({ ok: false, error: { code: "internal" } });
  });
});
