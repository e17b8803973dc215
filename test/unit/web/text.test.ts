import { describe, expect, it } from "vitest";
import { ORIGIN_REFUSED } from "../../../src/protocol/origin-refusal.ts";
import { dataWords } from "../../../src/web/chat/text/data.ts";
import {
  completeMention,
  mentionedIds,
  mentionQuery,
  suggest,
} from "../../../src/web/chat/text/mention.ts";
import type { Piece } from "../../../src/web/chat/text/piece.ts";
import { blocks, pieces } from "../../../src/web/chat/text/rich-text.ts";
import { connectionOf, refusalOf } from "../../../src/web/connection/from-sdk.ts";
import { connectionWords, entryWords, problemWords } from "../../../src/web/connection/words.ts";
import { isolated, shownName } from "../../../src/web/people/shown-name.ts";

const ann = { userId: "a", name: "Ann", isHere: true };
const annLee = { userId: "al", name: "Ann Lee", isHere: true };
const joan = { userId: "j", name: "Joan", isHere: true };

/** All text of a piece, as a person reads it. */
const textOf = (piece: Piece): string =>
  "pieces" in piece ? piece.pieces.map(textOf).join("") : piece.text;

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
    const shown = (text: string) =>
      pieces(text, [])
        .filter(({ kind }) => kind === "link")
        .map(textOf)
        .join();
    expect(shown("(https://example.com/x)")).toBe("https://example.com/x");
    expect(shown("https://example.com/x_(y)")).toBe("https://example.com/x_(y)");
  });

  it("gives back every character, markup and line breaks included", () => {
    const text = "<b>1</b>\nhttp://a.b/<i> https:// @Ann Lee & @Ann\n";
    const parts = pieces(text, ["Ann", "Ann Lee"]);
    expect(parts.map(textOf).join("")).toBe(text);
    expect(parts.filter(({ kind }) => kind === "mention").map(textOf)).toEqual([
      "@Ann Lee",
      "@Ann",
    ]);
  });
});

/** The kinds of a text's pieces with what they hold, to compare at a glance. */
const marked = (text: string): string =>
  pieces(text, ["Ann"])
    .map(function shown(piece): string {
      return "pieces" in piece
        ? `${piece.kind}(${piece.pieces.map(shown).join("")})`
        : piece.kind === "text"
          ? piece.text
          : `${piece.kind}(${piece.text})`;
    })
    .join("");

describe("code and emphasis", () => {
  it.each([
    ["a `b *c* **d** https://e.f` g", "a code(b *c* **d** https://e.f) g"],
    ["**bold** and *italic*", "strong(bold) and em(italic)"],
    ["**bold *and italic* @Ann**", "strong(bold em(and italic) mention(@Ann))"],
    ["**see https://a.b/c**", "strong(see link(https://a.b/c))"],
    ["(*so*), **so**!", "(em(so)), strong(so)!"],
    ["これは**強い**です", "これはstrong(強い)です"],
    ["и*слово*и, é**b**é, 𝒶*b*", "и*слово*и, é**b**é, 𝒶*b*"],
    ["a*b *c*", "a*b em(c)"],
    ["`a`**b**", "code(a)strong(b)"],
    [
      "ops@Ann.example, @Annabel, _@Ann_, @Ann!",
      "ops@Ann.example, @Annabel, _@Ann_, mention(@Ann)!",
    ],
    ["2 * 3 * 4, a*b*c, **, ****, * x *", "2 * 3 * 4, a*b*c, **, ****, * x *"],
    ["`open, **open, *open", "`open, **open, *open"],
    ["*one\ntwo*", "*one\ntwo*"],
    ["<b>`<i>`</b>", "<b>code(<i>)</b>"],
  ])("reads %j", (text, shown) => {
    expect(marked(text)).toBe(shown);
  });

  it("sets fenced code apart, with nothing in it that has a meaning", () => {
    const text = "look:\n```ts\nlet a = `b`; // **c** @Ann\n\n  d\n```\nthere";
    expect(blocks(text, ["Ann"])).toEqual([
      { kind: "words", pieces: [{ kind: "text", text: "look:" }] },
      { kind: "code", text: "let a = `b`; // **c** @Ann\n\n  d" },
      { kind: "words", pieces: [{ kind: "text", text: "there" }] },
    ]);
    expect(blocks("```\nopen", [])).toEqual([
      { kind: "words", pieces: [{ kind: "text", text: "```\nopen" }] },
    ]);
    expect(blocks("a\n", [])).toEqual([{ kind: "words", pieces: [{ kind: "text", text: "a\n" }] }]);
  });

  it.each(["**a ", "*a ", "`a ", "```\n", "[*a**", "**a*", "https://a "])(
    "reads the longest message of %j without delay",
    (part) => {
      const text = part.repeat(4_000 / part.length);
      const began = performance.now();
      blocks(text, ["Ann"]);
      expect(performance.now() - began).toBeLessThan(1_000);
    },
  );

  it.each(["@a", " @a", "@", "@a ", "`@a` ", "**@a** "])(
    "finds mentions of twenty people in the longest message of %j without delay",
    (part) => {
      const text = part.repeat(4_000 / part.length);
      const names = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i));
      const began = performance.now();
      for (let i = 0; i < 20; i++) blocks(text, names);
      // A recursion took 700 ms for each.
      expect(performance.now() - began).toBeLessThan(1_000);
    },
  );
});

it("shows the data of a message without text, no more than a few lines of it", () => {
  expect(dataWords({ vote: "ramen" })).toBe('{"vote":"ramen"}');
  expect(dataWords("x".repeat(4_000))).toHaveLength(281);
});

describe("names", () => {
  it("never reach beyond themselves, whatever an old store holds", () => {
    expect(shownName("\u202Egnp.exe\u0000\n")).toBe("gnp.exe");
    expect(shownName("\u202E")).toBe("?");
    expect(isolated("דנה\u2069\u202E")).toBe("\u2068דנה\u2069");
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
    const away = { userId: "z", name: "Anna", isHere: false };
    const found = suggest({ start: 0, text: "an" }, [away, joan, ann]);
    expect(found).toEqual([ann, joan, away]);
  });

  it("are completed in place, the caret behind them", () => {
    const query = { start: 3, text: "an" };
    expect(completeMention("hi @an there", query, ann)).toEqual({
      text: "hi @Ann there",
      caret: 8,
    });
  });

  it("name the people in the text, the longer name first", () => {
    expect(mentionedIds("@Ann Lee, look", [ann, annLee], [])).toEqual(["al"]);
    expect(mentionedIds("@Ann and @Joan", [ann, annLee, joan], [])).toEqual(["a", "j"]);
    expect(mentionedIds("Ann", [ann], [])).toEqual([]);
  });

  it.each([
    ["mail to ops@Ann.example", []],
    ["https://social.example/@Ann", []],
    ["@Annabel and @Ann_B", []],
    ["@Ann Lees", ["a"]],
    ["(@Ann), **@Joan**", ["a", "j"]],
    ["@Annさん、@Joan", ["a", "j"]],
    ["@A.B (x) and @A.BC", ["re"]],
  ])("are of whole names, and not within a word or an address: %j", (text, ids) => {
    const odd = { userId: "re", name: "A.B (x)", isHere: true };
    expect(mentionedIds(text, [ann, annLee, joan, odd], [])).toEqual(ids);
  });

  it("mean of two with one name the one picked, else whoever is here, else both", () => {
    const other = { userId: "b", name: "Ann", isHere: false };
    expect(mentionedIds("@Ann", [ann, other], [other])).toEqual(["b"]);
    expect(mentionedIds("@Ann", [ann, other], [])).toEqual(["a"]);
    const away = { ...ann, isHere: false };
    expect(mentionedIds("@Ann", [away, other], [])).toEqual(["a", "b"]);
    expect(mentionedIds("@Bo", [ann], [{ userId: "gone", name: "Bo" }])).toEqual(["gone"]);
  });
});

const HERE = "https://here.example";

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
    const wordless = "The connection was lost (close code 4403).";
    expect(entryWords({ code: "access_denied", message: wordless }, HERE)).toContain("deleted");
    const kicked = "A moderator removed you from this room.";
    const words = entryWords({ code: "access_denied", message: kicked }, HERE);
    expect(words).toContain("You have no access here: a moderator removed you from this room.");
    expect(words).not.toContain("deleted");
    expect(entryWords({ code: "access_denied", message: ORIGIN_REFUSED }, HERE)).toMatch(
      /ALLOWED_ORIGINS.*add https:\/\/here\.example there/,
    );
    expect(problemWords({ code: "disconnected", message: "x", outcome: "not_sent" })).toContain(
      "before this was sent",
    );
    expect(problemWords({ code: "conflict", message: "Too many reactions." })).toBe(
      "Too many reactions.",
    );
  });

  it.each([
    [
      "payload.content: must have something that can be seen",
      "it must have something that can be seen.",
    ],
    [
      "content: a message has content, or data, or both",
      "a message has content, or data, or both.",
    ],
  ])("leave out where in a frame %s", (message, told) => {
    for (const code of ["invalid_frame", "invalid_request"]) {
      expect(problemWords({ code, message })).toBe(`The server does not take this: ${told}`);
    }
  });

  it.each(["disconnected", "timeout", "unreachable"])(
    "say of what nobody answered (%s) that it may have arrived, and that it can be tried again",
    (code) => {
      const words = problemWords({ code, message: "x", outcome: "unknown" });
      expect(words).toContain("may have this or not");
      expect(words).toContain("stored once either way");
    },
  );

  it("say of what was refused after an unanswered try both that it may be stored and the refusal", () => {
    const words = problemWords({ code: "banned", message: "x", outcome: "unknown" });
    expect(words).toContain("may be stored");
    expect(words).toContain("You are banned from this room.");
  });

  it("tell why one is not let in from the first refusal on, until one is", () => {
    const reason = { code: "too_many_connections", message: "x" } as const;
    const change = { status: "reconnecting", attempt: 1, retryInMs: 900 } as const;
    const refused = connectionOf({ ...change, reason }, { state: "connecting" }, 0);
    expect(connectionWords(refused, true, 0).words).toBe("Not let in, try 1");
    const trying = connectionOf({ status: "reconnecting", attempt: 1 }, refused, 0);
    expect(refusalOf(trying, undefined)).toEqual(reason);
    expect(entryWords(reason, HERE)).toContain("Close other tabs");
    expect(refusalOf(connectionOf({ status: "open" }, trying, 0), undefined)).toBeUndefined();
    const displaced = connectionOf({ ...change, reason }, { state: "open" }, 0);
    expect(connectionWords(displaced, true, 0).words).toContain("too many places");
    expect(refusalOf(displaced, undefined)?.code).toBe("displaced");
    expect(entryWords({ code: "displaced", message: "x" }, HERE)).toContain("comes back");
    const lost = { code: "timeout", message: "x" } as const;
    const dark = connectionOf({ ...change, reason: lost }, trying, 0);
    expect(refusalOf(dark, undefined)).toBeUndefined();
    expect(connectionWords(dark, true, 0).words).toBe("Reconnecting, try 1");
    expect(refusalOf(dark, { code: "unreachable", message: "x" })).toBeUndefined();
    expect(refusalOf(dark, { code: "rate_limited", message: "x" })).toBeDefined();
  });
});
