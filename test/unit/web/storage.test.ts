import { describe, expect, it } from "vitest";
import { loadDraft, saveDraft } from "../../../src/web/chat/draft.ts";
import { recentRooms, rememberRoom } from "../../../src/web/chat/recent-rooms.ts";
import { forgetIdentity, loadIdentity, saveIdentity } from "../../../src/web/identity/identity.ts";
import { ForgivingStorage, type KeyValues } from "../../../src/web/identity/storage.ts";

/** A browser's storage of so many entries at most, as it is open or blocked. */
class BrowserStorage implements KeyValues {
  readonly entries = new Map<string, string>();
  readonly #room: number;

  constructor(room = 100) {
    this.#room = room;
  }

  getItem(key: string): string | null {
    return this.entries.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (this.entries.size >= this.#room) throw new DOMException("full", "QuotaExceededError");
    this.entries.set(key, value);
  }

  removeItem(key: string): void {
    this.entries.delete(key);
  }
}

function blocked(): never {
  throw new DOMException("The operation is insecure.", "SecurityError");
}

const IDENTITY = { token: "a.b.c", userId: "u", name: "Aiko", expiresAtMs: 9, guest: true };

describe("a storage that forgives", () => {
  it("keeps in the browser's what the browser takes", () => {
    const browser = new BrowserStorage();
    const storage = new ForgivingStorage(() => browser);
    storage.setItem("a", "1");
    expect(browser.entries).toEqual(new Map([["a", "1"]]));
    expect(new ForgivingStorage(() => browser).getItem("a")).toBe("1");
    storage.removeItem("a");
    expect(browser.entries.size).toBe(0);
  });

  it("keeps for as long as the page what a full one refuses, the newest first", () => {
    const browser = new BrowserStorage(1);
    browser.setItem("a", "old");
    const storage = new ForgivingStorage(() => browser);
    storage.setItem("a", "new");
    expect(storage.getItem("a")).toBe("new");
    storage.removeItem("a");
    expect(storage.getItem("a")).toBeNull();
    expect(browser.entries.size).toBe(0);
  });

  it("lets the page work where storage is blocked: identity, rooms and drafts", () => {
    const storage = new ForgivingStorage(blocked);
    expect(loadIdentity(storage)).toBeUndefined();
    saveIdentity(storage, IDENTITY);
    expect(loadIdentity(storage)).toEqual(IDENTITY);
    forgetIdentity(storage);
    expect(loadIdentity(storage)).toBeUndefined();
    rememberRoom(storage, "garden");
    expect(recentRooms(storage, "shed")).toEqual(["garden", "lobby", "shed"]);
    saveDraft(storage, "garden", "half a thou");
    expect(loadDraft(storage, "garden")).toBe("half a thou");
    saveDraft(storage, "garden", "");
    expect(loadDraft(storage, "garden")).toBe("");
  });
});
