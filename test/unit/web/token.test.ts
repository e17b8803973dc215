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
  const option = tokenOf(guest("old"), { renewed, lost: () => {} });
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
  const option = tokenOf(guest("old"), { renewed: () => {}, lost });
  if (typeof option === "string") throw new Error("A guest's token can be renewed.");
  serve(500, {});
  await expect(option("old")).rejects.toThrow();
  expect(lost).not.toHaveBeenCalled();
  serve(404, {});
  await expect(option("old")).rejects.toThrow();
  expect(lost).toHaveBeenCalledOnce();
});
