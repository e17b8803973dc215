import { expect, it } from "vitest";
import { notificationSchema } from "../../../src/protocol/notification-schema.ts";

const accepts = (url: string) =>
  notificationSchema.safeParse({ type: "order", title: "Shipped", url }).success;

it.each(["/", "/orders/17", "/a//b", "https://example.test/x", "HTTP://example.test"])(
  "lets a notification lead to %j",
  (url) => {
    expect(accepts(url)).toBe(true);
  },
);

it.each(["//evil.test", "/\\evil.test", "/\t/evil.test", "/\n\\evil.test", "/\r/evil.test"])(
  "takes %j for no path: a browser would leave the host by it",
  (url) => {
    expect(new URL(url, "https://own.test").host).toBe("evil.test");
    expect(accepts(url)).toBe(false);
  },
);

it.each(["javascript:alert(1)", " https://x.test", "orders/17", ""])("refuses %j", (url) => {
  expect(accepts(url)).toBe(false);
});
