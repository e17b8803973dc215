import { describe, expect, it } from "vitest";
import { isBlank } from "../../../src/protocol/blank-text.ts";
import { eventNameSchema, userIdSchema } from "../../../src/protocol/field-schema.ts";
import { userNameSchema } from "../../../src/protocol/http.ts";
import { isKeyText } from "../../../src/protocol/key-text.ts";
import { nameOfUser } from "../../../src/protocol/user-name.ts";
import { isWellFormed } from "../../../src/protocol/well-formed.ts";

const BLANK = [
  "",
  " ",
  "\t\r\n",
  "\u00a0\u3000",
  "\u200b",
  "\u200d\ufeff\u2060",
  "\u00ad\u034f\u180e",
  "\u3164\u115f\uffa0",
  "\u2800",
  "\u202e\u2066",
  "\u0000\u001b",
  "\ufe0f",
  "\u{e0020}",
];

describe("text of which nothing can be seen", () => {
  it.each(BLANK)("is %j", (text) => {
    expect(isBlank(text)).toBe(true);
    expect(isKeyText(text)).toBe(false);
  });

  it.each(["a", " a ", ".", "響", "👍🏽", "❤️", "👩‍👧", "1️⃣", "\u0301", "\u0600", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"])(
    "is not %j",
    (text) => {
      expect(isBlank(text)).toBe(false);
      expect(isKeyText(text)).toBe(true);
    },
  );
});

describe("text that becomes a key", () => {
  it.each(["__proto__", "\ud800", "a\udc00b", ...BLANK])("is not %j", (text) => {
    for (const schema of [userIdSchema, eventNameSchema]) {
      expect(schema.safeParse(text).success).toBe(false);
    }
  });

  it.each(["constructor", "toString", "hasOwnProperty", "1", "a b", "auth0|5f", "..."])(
    "may be %j",
    (text) => {
      for (const schema of [userIdSchema, eventNameSchema]) expect(schema.parse(text)).toBe(text);
    },
  );

  it.each([".", ".."])("is no user id when a URL would lose it: %j", (text) => {
    expect(userIdSchema.safeParse(text).success).toBe(false);
    expect(eventNameSchema.safeParse(text).success).toBe(true);
  });
});

describe("a name that this server gives out", () => {
  it.each(["Ada\u0000", "Ada\n", "a\r\nb", "\u202eadA", "a\u2069", "a\u2028b", "\u0085", ...BLANK])(
    "is refused when it disturbs the text around it, or cannot be seen: %j",
    (name) => {
      expect(userNameSchema.safeParse(name).success).toBe(false);
    },
  );

  it.each([
    ["Jose\u0301", "Jos\u00e9"],
    [" Ada ", "Ada"],
    ["\u05d0\u200f\u05d1", "\u05d0\u200f\u05d1"],
    ["👩‍👧", "👩‍👧"],
  ])("is kept in one form: %j", (name, kept) => {
    expect(userNameSchema.parse(name)).toBe(kept);
  });

  it("is as long as its one form", () => {
    expect(userNameSchema.safeParse("e\u0301".repeat(80)).success).toBe(true);
    expect(userNameSchema.safeParse("x".repeat(81)).success).toBe(false);
  });
});

it.each([
  ["ada", "ada"],
  ["a\u0000d\u202ea\n", "ada"],
  ["😀".repeat(64), "😀".repeat(40)],
  [`a${"😀".repeat(60)}`, `a${"😀".repeat(39)}\ufffd`],
  [`${"\u200b".repeat(100)}ada`, "?"],
])("who has no name is called by the user id: %j", (userId, name) => {
  expect(nameOfUser(userId)).toBe(name);
});

it.each(["\ud800", "a\udc00", "\udc00\ud800"])("%j is not well-formed on any platform", (text) => {
  const old = { isWellFormed: undefined, toString: () => text } as unknown as string;
  expect(isWellFormed(text)).toBe(false);
  expect(isWellFormed(old)).toBe(false);
});

it.each(["", "a", "😀"])("%j is well-formed on every platform", (text) => {
  const old = { isWellFormed: undefined, toString: () => text } as unknown as string;
  expect(isWellFormed(text)).toBe(true);
  expect(isWellFormed(old)).toBe(true);
});
