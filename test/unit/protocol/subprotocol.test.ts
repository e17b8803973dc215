import { expect, it } from "vitest";
import { parseOffer } from "../../../src/protocol/subprotocol.ts";

it("reads wire and token off the subprotocols on offer", () => {
  expect(parseOffer("hibiki.v1.msgpack, bearer.a.b.c")).toEqual({
    wire: "msgpack",
    subprotocol: "hibiki.v1.msgpack",
    token: "a.b.c",
  });
  expect(parseOffer("graphql-ws")).toEqual({ wire: "plain" });
  expect(parseOffer(null)).toEqual({ wire: "plain" });
});
