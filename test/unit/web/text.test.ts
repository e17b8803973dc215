import { describe, expect, it } from "vitest";
import {
  completeMention,
  mentionedIds,
  mentionQuery,
  suggest,
} from "../../../src/web/chat/text/mention.ts";
import { pieces } from "../../../src/web/chat/text/rich-text.ts";
import { typingWords } from "../../../src/web/chat/text/words.ts";
import { closedWords, connectionWords, problemWords } from "../../../src/web/connection/words.ts";

const ann = { userId: "a", name: "Ann" };
const annLee = { userId: "al", name: "Ann Lee" };
const joan = { userId: "j", name: "Joan" };

describe("message text", () => {
  it("makes links of http and https addresses and of nothing else", () => {
    const text = "see https://example.com/a?b=1. or javascript:alert(1) or ftp://x";
    expect(pieces(text, [])).toEqual([
      { kind: "text", text: "see " },
      { kind: "link", text: "https://example.com/a?b=1", href: "https://example.com/a?b=1" },
      { kind: "text", text: ". or javascript:alert(1) or ftp://x" },
    ]);
  });

  it("keeps a bracket that the address itself opened", () => {
    const shown = (text: string) => pieces(text, []).find(({ kind }) => kind === "link")?.text;
    expect(shown("(https://example.com/x)")).toBe("https://example.com/x");
    expect(shown("https://example.com/x_(y)")).toBe("https://example.com/x_(y)");
  });

  it("gives back every character, markup and line breaks included", () => {
    const text = "<b>1</b>\nhttp://a.b/<i> https:// @Ann Lee & @Ann\n";
    const parts = pieces(text, ["Ann", "Ann Lee"]);
    expect(parts.map((piece) => piece.text).join("")).toBe(text);
    expect(parts.filter(({ kind }) => kind === "mention").map((piece) => piece.text)).toEqual([
      "@Ann Lee",
      "@Ann",
    ]);
  });
});

describe("mentions", () => {
  it("begin at an @ that begins a word, right before the caret", () => {
    expect(mentionQuery("hi @an", 6)).toEqual({ start: 3, text: "an" });
    expect(mentionQuery("hi @an", 2)).toBeUndefined();
    expect(mentionQuery("mail@an", 7)).toBeUndefined();
    expect(mentionQuery("@", 1)).toEqual({ start: 0, text: "" });
  });

  it("offer names that begin with it before those that contain it", () => {
    expect(suggest({ start: 0, text: "AN" }, [joan, annLee, ann])).toEqual([ann, annLee, joan]);
  });

  it("are completed in place, the caret behind them", () => {
    const query = { start: 3, text: "an" };
    expect(completeMention("hi @an there", query, ann)).toEqual({
      text: "hi @Ann there",
      caret: 8,
    });
  });

  it("name the people in the text, the longer name first", () => {
    expect(mentionedIds("@Ann Lee, look", [ann, annLee])).toEqual(["al"]);
    expect(mentionedIds("@Ann and @Joan", [ann, annLee, joan])).toEqual(["j", "a"]);
    expect(mentionedIds("Ann", [ann])).toEqual([]);
  });
});

describe("words", () => {
  it("tell the state of the connection, with the wait apart", () => {
    const retry = { state: "reconnecting", attempt: 3, retryAtMs: 14_000 } as const;
    expect(connectionWords({ state: "open" }, true, 0).words).toBe("Connected");
    expect(connectionWords(retry, true, 10_000)).toEqual({
      words: "Reconnecting, try 3",
      countdown: " in 4 s…",
    });
  });

  it.each([
    { state: "open" },
    { state: "connecting" },
    { state: "reconnecting", attempt: 3, retryAtMs: 14_000 },
  ] as const)("say that one is offline whatever the connection believes: $state", (connection) => {
    expect(connectionWords(connection, false, 10_000)).toMatchObject({
      words: expect.stringContaining("Offline"),
      countdown: "",
    });
  });

  it("tell every refusal without its code, and an unknown one in the server's words", () => {
    expect(problemWords({ code: "rate_limited", message: "", retryAfterMs: 2_500 })).toContain(
      "3 seconds",
    );
    expect(problemWords({ code: "banned", message: "x" })).toBe("You are banned from this room.");
    expect(problemWords({ code: "access_denied", message: "Needs the grant." })).toBe(
      "Needs the grant.",
    );
    expect(closedWords({ code: "access_denied", message: "x" })).toContain("moderator");
    expect(problemWords({ code: "conflict", message: "Too many reactions." })).toBe(
      "Too many reactions.",
    );
  });

  it("tell who is typing", () => {
    expect(typingWords([])).toBe("");
    expect(typingWords([ann])).toBe("Ann is typing…");
    expect(typingWords([ann, joan])).toBe("Ann and Joan are typing…");
    expect(typingWords([ann, joan, annLee])).toBe("Several people are typing…");
  });
});
