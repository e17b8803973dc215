import { describe, expect, it } from "vitest";
import {
  COMMENT,
  encodeEvent,
  encodeRetry,
  oneLine,
} from "../../../src/protocol/server-sent-event.ts";
import { EventParser } from "../../support/event-parser.ts";

describe("encodeEvent", () => {
  it("writes type, id and data", () => {
    expect(encodeEvent({ event: "new_message", id: "e:1", data: '{"a":1}' })).toBe(
      'event: new_message\nid: e:1\ndata: {"a":1}\n\n',
    );
  });

  it("leaves the id alone when there is none", () => {
    expect(encodeEvent({ event: "user_typing", data: "{}" })).toBe(
      "event: user_typing\ndata: {}\n\n",
    );
  });

  it.each(["a\nb", "a\r\nb", "a\rb"])("keeps every line of %j in the data", (data) => {
    const parser = new EventParser();
    parser.push(encodeEvent({ event: "x", data }));
    expect(parser.events).toEqual([{ event: "x", id: "", data: "a\nb" }]);
  });

  it("is one line for readers who take every line end of Unicode for one", () => {
    const value = { a: "x\u0085y\u2028z\u2029\r\n響" };
    const line = oneLine(JSON.stringify(value));
    expect(line).not.toMatch(/[\n\r\u0085\u2028\u2029]/);
    expect(JSON.parse(line)).toEqual(value);
  });

  it("is read back whole however the stream is cut", () => {
    const text = [
      encodeRetry(2_000),
      encodeEvent({ event: "a", id: "e:1", data: '{"content":"data: x\\n\\nid: 響"}' }),
      COMMENT,
      encodeEvent({ event: "b", data: ": {}" }),
    ].join("");
    for (let at = 0; at <= text.length; at++) {
      const parser = new EventParser();
      parser.push(text.slice(0, at));
      parser.push(text.slice(at));
      expect(parser.retry).toBe(2_000);
      expect(parser.events).toEqual([
        { event: "a", id: "e:1", data: '{"content":"data: x\\n\\nid: 響"}' },
        { event: "b", id: "e:1", data: ": {}" },
      ]);
    }
  });
});
