import { describe, expect, it } from "vitest";
import type { FakeResponse } from "./support/fake-network.ts";
import { message, openScene } from "./support/scene.ts";

const PAGE = {
  messages: [message(1), { seq: 2, deleted: true }],
  epoch: "e1",
  seq: 2,
  hasMore: false,
};

function response(status: number, body: unknown): FakeResponse {
  return { status, json: async () => body };
}

function refused(status: number, code: string, extra: object = {}): FakeResponse {
  return response(status, { error: { code, message: "no", retryable: false, ...extra } });
}

describe("history", () => {
  it("asks over HTTP with the bearer token, for the page that was asked for", async () => {
    const { network, room } = await openScene({ token: "a.b.c" });
    network.respond = () => response(200, PAGE);
    expect(await room.history({ before: 9, limit: 2 })).toEqual(PAGE);
    await room.history();
    expect(network.requests.map(({ url, authorization }) => [url.href, authorization])).toEqual([
      ["https://edge.example/v1/rooms/general/messages?before=9&limit=2", "Bearer a.b.c"],
      ["https://edge.example/v1/rooms/general/messages", "Bearer a.b.c"],
    ]);
  });

  it("throws the server's error with its code", async () => {
    const { network, room } = await openScene();
    network.respond = () => refused(429, "rate_limited", { retryable: true, retryAfterMs: 40 });
    await expect(room.history()).rejects.toMatchObject({
      name: "RealtimeError",
      code: "rate_limited",
      retryable: true,
      retryAfterMs: 40,
    });
  });

  it("renews a refused token once", async () => {
    let asked = 0;
    const { network, room } = await openScene({
      token: () => {
        asked += 1;
        return `token-${asked}`;
      },
    });
    network.respond = (_url, authorization) =>
      authorization === "Bearer token-2" ? response(200, PAGE) : refused(401, "token_expired");
    expect(await room.history()).toEqual(PAGE);
    network.respond = () => refused(401, "unauthorized");
    await expect(room.history()).rejects.toMatchObject({ code: "unauthorized" });
    expect(network.requests).toHaveLength(4);
  });

  it("does not repeat a request when there is no other token", async () => {
    const { network, room } = await openScene({ token: () => "the same" });
    network.respond = () => refused(401, "unauthorized");
    await expect(room.history()).rejects.toMatchObject({ code: "unauthorized" });
    expect(network.requests).toHaveLength(1);
  });

  it("says unauthorized when the token function fails", async () => {
    const { room } = await openScene({
      environment: { now: () => Number.MAX_SAFE_INTEGER },
      token: (() => {
        const tokens = [`a.${btoa('{"exp":1}')}.c`];
        return () => tokens.pop() ?? Promise.reject(new Error("logged out"));
      })(),
    });
    await expect(room.history()).rejects.toMatchObject({ code: "unauthorized" });
  });

  it.each([
    ["no network", () => Promise.reject(new TypeError("fetch failed"))],
    ["a proxy's page", () => response(502, "<html>")],
    ["an error of someone else's", () => response(500, { error: { code: "E_BOOM" } })],
    ["a page that is none", () => response(200, { messages: [{}] })],
    ["no JSON", () => ({ status: 200, json: () => Promise.reject(new SyntaxError("<")) })],
  ])("says unreachable for %s", async (_what, respond) => {
    const { network, room } = await openScene();
    network.respond = respond;
    await expect(room.history()).rejects.toMatchObject({ code: "unreachable", retryable: true });
  });

  it.each([
    ["an answer", () => new Promise<FakeResponse>(() => {})],
    ["the end of one", () => ({ status: 200, json: () => new Promise(() => {}) })],
  ])("does not wait forever for %s", async (_what, respond) => {
    const { clock, network, room } = await openScene();
    network.respond = respond;
    const asked = expect(room.history()).rejects.toMatchObject({ code: "timeout" });
    await clock.advance(15_000);
    await asked;
  });
});
