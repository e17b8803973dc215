/** The little that the page needs of a browser's storage. */
export type KeyValues = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * A storage that never throws. Browsers that keep no data for the page throw at the mere sight of
 * their storage, and full ones when written to; what they do not take is kept as long as the page.
 */
export class ForgivingStorage implements KeyValues {
  readonly #open: () => KeyValues;
  readonly #refused = new Map<string, string>();

  /** @param open gets the browser's storage, or throws; called each time. */
  constructor(open: () => KeyValues) {
    this.#open = open;
  }

  getItem(key: string): string | null {
    return this.#refused.get(key) ?? this.#try((storage) => storage.getItem(key)) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#refused.set(key, value);
    this.#try((storage) => {
      storage.setItem(key, value);
      this.#refused.delete(key);
    });
  }

  removeItem(key: string): void {
    this.#refused.delete(key);
    this.#try((storage) => storage.removeItem(key));
  }

  #try<T>(use: (storage: KeyValues) => T): T | undefined {
    try {
      return use(this.#open());
    } catch {
      return undefined;
    }
  }
}

/** What stays on this device. */
export const device = new ForgivingStorage(() => localStorage);

/** What stays in this tab. */
export const tab = new ForgivingStorage(() => sessionStorage);
