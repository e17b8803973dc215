import { describe, expect, it } from "vitest";
import { addressOf } from "../../../src/edge/address.ts";

const from = (header: string | undefined, value: string | undefined, clientIp?: string) =>
  addressOf(
    {
      headers: new Headers(value === undefined ? {} : { "X-Forwarded-For": value }),
      cf: clientIp === undefined ? undefined : { clientIp },
    },
    header,
  );

describe("the address that limits count by", () => {
  it.each([
    ["the trusted header's", "198.51.100.7", "198.51.100.7"],
    ["without its port", "198.51.100.7:4711", "198.51.100.7"],
    ["the last of a list, which the nearest proxy added", "6.6.6.6, 198.51.100.7", "198.51.100.7"],
    ["a whole IPv6 /64", "2001:DB8:0:1:a:b:c:d", "2001:db8:0:1"],
    ["the same one however it is written", "[2001:0db8::1:a:b:c:d]:443", "2001:db8:0:1"],
    ["an IPv4 address in IPv6 clothes", "::ffff:198.51.100.7", "198.51.100.7"],
    ["nobody's, of what is no address", "<script>", "unknown"],
    ["nobody's, of nothing", undefined, "unknown"],
  ])("is %s", (_, value, address) => {
    expect(from("x-forwarded-for", value)).toBe(address);
  });

  it.each([
    [undefined, "6.6.6.6", "127.0.0.1:55074", "127.0.0.1"],
    [undefined, "6.6.6.6", "[::1]:55074", "0:0:0:0"],
    [undefined, "6.6.6.6", undefined, "unknown"],
    ["X-Real-IP", "6.6.6.6", undefined, "unknown"],
    ["X-Real-IP", "6.6.6.6", "127.0.0.1:55074", "127.0.0.1"],
  ])(
    "with %o trusted and %o in another header is the socket's (%o)",
    (header, value, ip, address) => {
      expect(from(header, value, ip)).toBe(address);
    },
  );
});
