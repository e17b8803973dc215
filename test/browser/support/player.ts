import type { Browser, BrowserContextOptions, Locator } from "playwright-core";
import { type Drawing, recordDrawing } from "./drawing.ts";
import { openWindow, PATIENCE_MS, Visitor } from "./visitor.ts";

/** A page that asks for nobody's name by then is of a server that ended while it was loaded. */
const LOADED_MS = 20_000;

/** A place on the field, in CSS pixels from its corner. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Someone at a browser of their own, in an arena; what they see is what their page has drawn. */
export class Player extends Visitor {
  /** Opens the page and signs in as a guest. */
  static async enter(
    browser: Browser,
    address: string,
    name: string,
    options?: BrowserContextOptions,
  ): Promise<Player> {
    const player = new Player(await openWindow(browser, options), name);
    await player.page.addInitScript(recordDrawing);
    await player.signIn(address, LOADED_MS);
    return player;
  }

  /** What one plays in. */
  get field(): Locator {
    return this.page.getByRole("application");
  }

  /** The score that the table has for somebody. */
  async scoreOf(name: string): Promise<number> {
    const row = this.page.getByRole("row").filter({ hasText: name });
    return Number(await row.getByRole("cell").innerText());
  }

  /** Waits until somebody's player is drawn. */
  async sees(name: string): Promise<void> {
    await this.page.waitForFunction((name) => globalThis.drawing.places[name] !== undefined, name);
  }

  /** Where somebody's player is drawn, by the name over it. */
  async placeOf(name: string): Promise<Place> {
    await this.sees(name);
    return this.page.evaluate((name) => globalThis.drawing.places[name] as Place, name);
  }

  /** Where the coin is drawn. */
  coin(): Promise<Place> {
    return this.page.evaluate(() => globalThis.drawing.coin as Place);
  }

  /** Waits until somebody's player is drawn in one place for a while. */
  async stands(name: string): Promise<void> {
    await this.sees(name);
    await this.page.waitForFunction(
      ([name, forMs]) => performance.now() - (globalThis.drawing.movedAt[name] ?? 0) > forMs,
      [name, 400] as const,
    );
  }

  /** When a key was pressed on this page first since `forget`, and when somebody was first seen to move. */
  async watched(name: string): Promise<Drawing["firsts"]> {
    await this.page.waitForFunction((name) => globalThis.drawing.firsts.moves[name], name);
    return this.page.evaluate(() => globalThis.drawing.firsts);
  }

  /** Begins to watch anew. */
  async forget(): Promise<void> {
    await this.page.evaluate(() => {
      globalThis.drawing.firsts = { moves: {} };
    });
  }

  /** Chooses how much latency is added. */
  async latency(choice: "None" | "100 ms" | "250 ms"): Promise<void> {
    await this.page.getByRole("radio", { name: choice, exact: true }).check();
    await this.field.focus();
  }

  /** Walks by the keyboard until one's own player is drawn where a place is, or something is so. */
  async walkTo(place: () => Promise<Place>, until: () => Promise<boolean>): Promise<void> {
    const { keyboard } = this.page;
    const held = new Set<string>();
    const hold = async (key: string, isWanted: boolean) => {
      if (isWanted === held.has(key)) return;
      if (isWanted) await keyboard.down(key);
      else await keyboard.up(key);
      if (isWanted) held.add(key);
      else held.delete(key);
    };
    const near = 8;
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (!(await until())) {
      if (Date.now() > giveUpAt) throw new Error(`${this.name} never came there.`);
      const [to, at] = [await place(), await this.placeOf(this.name)];
      await hold("ArrowRight", to.x - at.x > near);
      await hold("ArrowLeft", at.x - to.x > near);
      await hold("ArrowDown", to.y - at.y > near);
      await hold("ArrowUp", at.y - to.y > near);
      await this.page.waitForTimeout(20);
    }
    for (const key of [...held]) await hold(key, false);
  }
}
