import { describe, expect, it } from "vitest";
import { EventParser } from "../../../src/client/event-parser.ts";

function parse(...pieces: readonly string[]) {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

/** Cases of HTML §9.2.6, and its examples. */
const CASES: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
  ["an event without a name", "data: a\n\n", [["message", "a"]]],
  ["an event with one", "event: add\ndata: 7\n\n", [["add", "7"]]],
  [
    "the name of one event only",
    "event: add\ndata: 7\n\ndata: 8\n\n",
    [
      ["add", "7"],
      ["message", "8"],
    ],
  ],
  ["the last of two names", "event: a\nevent: b\ndata\n\n", [["b", ""]]],
  ["data of several lines", "data: YHOO\ndata: +2\ndata: 10\n\n", [["message", "YHOO\n+2\n10"]]],
  [
    "data without a colon",
    "data\n\ndata\ndata\n\ndata:",
    [
      ["message", ""],
      ["message", "\n"],
    ],
  ],
  [
    "one space after the colon, and no more",
    "data:a\n\ndata: a\n\ndata:  a\n\n",
    [
      ["message", "a"],
      ["message", "a"],
      ["message", " a"],
    ],
  ],
  ["a colon in the data", 'data: {"a":1}\n\n', [["message", '{"a":1}']]],
  ["comments, which are nothing", ": hello\ndata: a\n:\n: b\n\n", [["message", "a"]]],
  ["comments alone", ":\n\n:\n\n", []],
  [
    "fields it does not know",
    "id: 1\nretry: 2000\nfoo: bar\nDATA: x\ndata: a\n\n",
    [["message", "a"]],
  ],
  ["an event without data, which is none", "event: add\n\ndata: a\n\n", [["message", "a"]]],
  ["an event that never ends, which is none", "data: a\n\ndata: b\n", [["message", "a"]]],
  ["CRLF", "event: add\r\ndata: a\r\ndata: b\r\n\r\n", [["add", "a\nb"]]],
  ["CR", "event: add\rdata: a\rdata: b\r\r", [["add", "a\nb"]]],
  [
    "all line ends in one stream",
    "data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\n",
    [
      ["message", "a\nb\nc"],
      ["message", "d"],
    ],
  ],
  ["a mark at the beginning", "\uFEFFdata: a\n\n", [["message", "a"]]],
  ["one mark and not two", "\uFEFF\uFEFFdata: a\n\ndata: b\n\n", [["message", "b"]]],
  ["a mark further on, which is text", "data: \uFEFFa\n\n", [["message", "\uFEFFa"]]],
  ["text of many bytes", "data: 日本語 👍\n\n", [["message", "日本語 👍"]]],
  ["nothing", "", []],
];

describe("an event stream", () => {
  it.each(CASES)("has %s", (_, text, events) => {
    expect(parse(text).map(({ type, data }) => [type, data])).toEqual(events);
  });

  it.each(CASES)("has %s wherever it is cut", (_, text, events) => {
    const whole = parse(text);
    for (let at = 0; at <= text.length; at += 1) {
      expect(parse(text.slice(0, at), text.slice(at))).toEqual(whole);
    }
    const letters = parse(...text);
    expect(letters.map(({ type, data }) => [type, data])).toEqual(events);
  });

  it("gives an event as soon as its last line is there", () => {
    const parser = new EventParser();
    expect(parser.push("data: a\r\n\r")).toEqual([{ type: "message", data: "a" }]);
    expect(parser.push("\ndata: b\r\r")).toEqual([{ type: "message", data: "b" }]);
  });
});
