import { describe, expect, it } from "vitest";
import { allowsOrigin, isOriginPattern } from "../../../src/protocol/origin-pattern.ts";

describe("the list of origins", () => {
  it.each([
    ["https://app.test", "https://app.test"],
    ["https://*.example.com", "https://a.example.com"],
    ["https://*.example.com:8443", "https://a.example.com:8443"],
    ["http://localhost:5173", "http://localhost:5173"],
    ["http://[::1]:5173", "http://[::1]:5173"],
    ["capacitor://localhost", "capacitor://localhost"],
    ["tauri://localhost", "tauri://localhost"],
    ["chrome-extension://abcdef", "chrome-extension://abcdef"],
    ["null", "null"],
  ])("takes %s, and it lets %s in", (pattern, origin) => {
    expect(isOriginPattern(pattern)).toBe(true);
    expect(allowsOrigin(["https://other.test", pattern], origin)).toBe(true);
  });

  it.each([
    ["https://*.example.com", "https://a.b.example.com"],
    ["https://*.example.com", "https://example.com"],
    ["https://*.example.com", "https://.example.com"],
    ["https://*.example.com", "http://a.example.com"],
    ["https://*.example.com", "https://a.example.com:8443"],
    ["https://*.example.com", "https://evil.test/.example.com"],
    ["https://*.example.com", "https://evil.test:1.example.com"],
    ["https://*.example.com", "https://aexample.com"],
    ["https://app.test", "null"],
    ["capacitor://localhost", "http://localhost"],
  ])("of %s does not let %s in", (pattern, origin) => {
    expect(allowsOrigin([pattern], origin)).toBe(false);
  });

  it.each([
    "*",
    "https://*",
    "https://a.*.com",
    "https://*a.example.com",
    "https://*.*.com",
    "https://app.test/path",
    "https://APP.test",
    "https://app.test:443",
    "https://münchen.test",
    "https://user@app.test",
    "https://*.0.0.1",
    "ftp://app.test",
    "wss://app.test",
    "file://",
    "app.test",
    "capacitor://",
    "",
  ])("does not take %s, which no browser would send", (pattern) => {
    expect(isOriginPattern(pattern)).toBe(false);
  });
});
