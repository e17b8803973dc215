import { afterEach, expect, it, vi } from "vitest";
import { tokenOf } from "../../../src/web/identity/token.ts";

const HOUR_MS = 3_600_000;

function guest(token: string) {
  const expiresAtMs = Date.now() + HOUR_MS;
  return { token, userId: "u", name: "Aiko", expiresAtMs, guest: true };
}

function serve(status: number, body: object): void {
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(body), { status }));
}

afterEach(() => vi.unstubAllGlobals());

it("keeps a guest's token while it lives, but not one that the server refused", async () => {
  const renewed = vi.fn();
  const option = tokenOf(guest("old"), { renewed, refused: () => {}, lost: () => {} });
  if (typeof option === "string") throw new Error("A guest's token can be renewed.");
  expect(await option()).toBe("old");
  expect(renewed).not.toHaveBeenCalled();

  const { expiresAtMs, guest: _, ...identity } = guest("new");
  serve(201, { ...identity, expiresAt: new Date(expiresAtMs).toISOString() });
  expect(await option("old")).toBe("new");
  expect(renewed).toHaveBeenCalledWith(expect.objectContaining({ token: "new", guest: true }));
  expect(await option()).toBe("new");
});

it("says that a guest is lost only where guests are not let in any more", async () => {
  const lost = vi.fn();
  const refused = vi.fn();
  const option = tokenOf(guest("old"), { renewed: () => {}, refused, lost });
  if (typeof option === "string") throw new Error("A guest's token can be renewed.");
  serve(500, {});
  await expect(option("old")).rejects.toThrow();
  expect(lost).not.toHaveBeenCalled();
  expect(refused).toHaveBeenCalledWith(expect.objectContaining({ code: "internal" }));
  serve(404, {});
  await expect(option("old")).rejects.toThrow();
  expect(lost).toHaveBeenCalledOnce();
});

it("asks to stay the same guest by the token that ended, once for all who want one", async () => {
  const asked: unknown[] = [];
  const answers = [
    new Response("{}", { status: 401 }),
    new Response(JSON.stringify({ ...guest("new"), expiresAt: "2099-01-01T00:00:00Z" }), {
      status: 201,
    }),
  ];
  vi.stubGlobal("fetch", async (_: string, { body }: { readonly body: string }) => {
    asked.push(JSON.parse(body));
    return answers.shift();
  });
  const option = tokenOf(guest("old"), {
    renewed: () => {},
    refused: () => {},
    lost: () => {},
  });
  if (typeof option === "string") throw new Error("A guest's token can be renewed.");
  expect(await Promise.all([option("old"), option("old")])).toEqual(["new", "new"]);
  // One that the server does not take any more makes a new guest of the name.
  expect(asked).toEqual([{ name: "Aiko", renew: "old" }, { name: "Aiko" }]);
});

it("asks for less by a guest's kept token, which it does not use up, and again when that ends", async () => {
  const asked: unknown[] = [];
  const { expiresAtMs, guest: _, ...identity } = guest("narrow");
  vi.stubGlobal("fetch", async (_: string, { body }: RequestInit) => {
    asked.push(JSON.parse(String(body)));
    const expiresAt = new Date(expiresAtMs).toISOString();
    return new Response(JSON.stringify({ ...identity, expiresAt }), { status: 201 });
  });
  const events = { renewed: vi.fn(), refused: vi.fn(), lost: () => {} };
  const rooms = { "document:plan": ["read"] } as const;
  const option = tokenOf(guest("whole"), events, rooms);
  if (typeof option === "string") throw new Error("A guest's token can be renewed.");
  expect([await option(), await option(), await option("narrow")]).toEqual(Array(3).fill("narrow"));
  expect(asked).toEqual(Array(2).fill({ name: "Aiko", renew: "whole", rooms }));
  expect(events.renewed).not.toHaveBeenCalled();
  // What was refused before is no reason any more.
  serve(429, { error: { code: "rate_limited", message: "Too fast." } });
  await expect(option("narrow")).rejects.toThrow();
  expect(events.refused).toHaveBeenLastCalledWith(
    expect.objectContaining({ code: "rate_limited" }),
  );
  serve(201, { ...identity, expiresAt: new Date(expiresAtMs).toISOString() });
  await option("narrow");
  expect(events.refused).toHaveBeenLastCalledWith(undefined);
});
