/**
 * Tabs of a browser that wait for news: it opens six connections to a host over HTTP/1.1, and each of
 * these may have to open another one beside the one it reads, which is to get through.
 */
const HELD_MAX = 3;

/**
 * One of the few connections that a browser has to a host, held for what waits there for news. All tabs
 * share them: whoever takes the last one stops every other request of every tab. So some are left, and
 * whoever gets none must not wait.
 */
export class HeldConnection {
  readonly #base: string;
  #holders = 0;
  #taking: Promise<(() => void) | undefined> | undefined;

  /** @param base how the URLs of the server begin. */
  constructor(base: string) {
    this.#base = base;
  }

  /** Holds it; `false` when all are taken. Each that holds it gives it back. */
  async take(): Promise<boolean> {
    this.#holders += 1;
    this.#taking ??= isLimited(this.#base) ? takeOne(this.#base) : Promise.resolve(() => {});
    const taken = await this.#taking;
    if (taken === undefined) {
      this.#holders -= 1;
      this.#taking = undefined;
    }
    return taken !== undefined;
  }

  /** Gives it back; the last one lets go of it. */
  give(): void {
    this.#holders -= 1;
    if (this.#holders > 0) return;
    void this.#taking?.then((release) => release?.());
    this.#taking = undefined;
  }
}

/** Only pages have tabs beside them; and HTTP/2 carries any number of requests over one connection. */
function isLimited(base: string): boolean {
  const { document, navigator, performance } = globalThis;
  // Absent on other platforms, whatever the DOM's types say.
  const isPage = (document as Document | undefined) !== undefined && navigator.locks !== undefined;
  if (!isPage) return false;
  const entries = ["navigation", "resource"].flatMap((type) => performance.getEntriesByType(type));
  return !entries.some(
    (entry) => base.startsWith(new URL(entry.name).origin) && isMultiplexed(entry),
  );
}

function isMultiplexed(entry: PerformanceEntry): boolean {
  return "nextHopProtocol" in entry && /^h[23]/.test(String(entry.nextHopProtocol));
}

/** Takes a lock that is free, if one is. The browser lets go of it when the tab is closed. */
async function takeOne(base: string): Promise<(() => void) | undefined> {
  for (let at = 0; at < HELD_MAX; at += 1) {
    const release = await new Promise<(() => void) | undefined>((resolve) => {
      navigator.locks
        .request(`${base} ${at}`, { ifAvailable: true }, (lock) => {
          if (lock === null) resolve(undefined);
          return lock === null ? undefined : new Promise<void>((free) => resolve(() => free()));
        })
        // A page that may have no locks shares no connections with others either.
        .catch(() => resolve(() => {}));
    });
    if (release !== undefined) return release;
  }
  return undefined;
}
