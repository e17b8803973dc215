import { describe, expect, it } from "vitest";
import type { DocumentState } from "../../../../src/web/editor/state/document-state.ts";
import {
  authorWords,
  closedWords,
  keptWords,
  savingWords,
} from "../../../../src/web/editor/text/words.ts";
import { comingWords } from "../../../../src/web/people/coming-words.ts";

const UP: DocumentState = {
  connection: { state: "open" },
  isSynced: true,
  isSaved: true,
  isRefused: false,
  isKept: true,
  isRead: true,
  people: [],
};
const DOWN = { connection: { state: "reconnecting", attempt: 1 }, isSynced: false } as const;

describe("what became of what one has written", () => {
  it.each([
    ["all is stored", {}, true, "Saved", ""],
    ["something is on its way", { isSaved: false }, true, "Saving…", ""],
    ["it is not known yet what the server has", { isSynced: false }, true, "Opening…", ""],
    ["the line is gone and all is stored", DOWN, true, "", ""],
    ["the line is gone", { ...DOWN, isSaved: false }, true, "Not saved yet", "on this device"],
    ["the network is gone", { isSaved: false }, false, "Not saved yet", "on this device"],
    ["nothing is kept", { ...DOWN, isSaved: false, isKept: false }, true, "Not saved yet", "tab"],
    ["it was refused", { connection: { state: "closed" }, isSaved: false }, true, "Not saved", ""],
  ] as const)("%s", (_, more, isOnline, saving, kept) => {
    const state: DocumentState = { ...UP, ...more };
    expect(savingWords(state, isOnline)).toBe(saving);
    expect(keptWords(state, isOnline)).toMatch(kept === "" ? /^$/ : kept);
  });
});

describe("why one is not in the document any more", () => {
  const words = (code: string, message: string, isUntaken: boolean) =>
    closedWords({ code, message }, isUntaken, "https://edge.test");
  it.each([
    ["not_found", "The document was deleted.", true, /^The document was deleted\. Its text is in/],
    ["not_found", "No such contract.", true, /^No such contract\.$/],
    ["too_large", "A frame.", true, /discard what was not taken/],
    ["too_large", "A frame.", false, /Open it again/],
    ["token_expired", "It ended.", true, /goes out then/],
    ["token_expired", "It ended.", false, /Sign in again\.$/],
    ["access_denied", "You may not.", false, /^You have no access here: you may not\./],
    ["not_a_member", "Ask Ada.", false, /^Ask Ada\.$/],
  ])("%s: %s", (code, message, isUntaken, said) => {
    expect(words(code, message, isUntaken)).toMatch(said);
  });
});

describe("who came and went", () => {
  const [ada, ben, cleo, dan] = ["Ada", "Ben", "Cleo", "Dan"].map((name) => ({ id: name, name }));
  it.each([
    [[ada], [ada, ben], "\u2068Ben\u2069 came."],
    [[ada, ben], [ada], "\u2068Ben\u2069 left."],
    [[ada, ben], [ada, cleo], "\u2068Cleo\u2069 came. \u2068Ben\u2069 left."],
    [[], [ada, ben, cleo, dan], "4 people came."],
    [[ada], [ada], ""],
  ])("%#", (before, now, words) => {
    const known = (people: typeof before) =>
      people.flatMap((one) => (one === undefined ? [] : [one]));
    expect(comingWords(known(before), known(now))).toBe(words);
  });
});

it.each([
  ["system", "kept by itself"],
  ["me", "by you"],
  ["ben", "by \u2068Ben\u2069"],
  ["guest-1234-abcd", "by a guest ·abcd"],
  ["auth0|5\u202E", "by auth0|5[U+202E]"],
])("says who kept a version: %s", (by, words) => {
  const people = [
    { id: "me", name: "Me" },
    { id: "ben", name: "Ben" },
  ];
  expect(authorWords({ id: 1, at: "2026-11-27T00:00:00Z", by }, people)).toBe(words);
});
