import { createServer, type Server as PageServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { BareServer } from "../../process/support/bare-server.ts";
import { bundleOf, shippedBundle } from "../../support/machine/bundle.ts";
import { ROOT } from "../../support/machine/paths.ts";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import { launch } from "./chromium.ts";
import { complaintsOf } from "./complaints.ts";
import type { Part } from "./react-app.ts";

/** Patience for a busy machine. */
export const SOON = { timeout: 10_000 };

/** A deployment, and a page with the SDK's hooks. */
export class ReactStage {
  readonly server: BareServer;
  /** What the page's root holds before its script runs: what a server has rendered. */
  rendered = "";
  readonly #pages: PageServer;
  readonly #browser: Browser;
  readonly #open: { page: Page; complaints: readonly string[] }[] = [];

  private constructor(server: BareServer, script: Uint8Array, browser: Browser) {
    this.server = server;
    this.#browser = browser;
    this.#pages = createServer((request, response) => {
      const isScript = request.url === "/app.js";
      response.setHeader("Content-Type", isScript ? "text/javascript" : "text/html; charset=utf-8");
      const html = `<!doctype html><div id="root">${this.rendered}</div><script type="module" src="/app.js"></script>`;
      response.end(isScript ? script : html);
    }).listen(0, "127.0.0.1");
  }

  /** @param of which deployment: that with kinds and rules of its own, or what is shipped. */
  static async start(of: "kinds" | "shipped" = "kinds"): Promise<ReactStage> {
    const bundle =
      of === "kinds"
        ? bundleOf(join(ROOT, "test/fixtures/kinds/worker.ts"))
        : await shippedBundle();
    const server = await BareServer.start({}, { bundle, documents: true });
    const { outputFiles } = await build({
      absWorkingDir: ROOT,
      entryPoints: ["test/browser/support/react-app.ts"],
      bundle: true,
      format: "esm",
      write: false,
      define: { "process.env.NODE_ENV": '"development"' },
    });
    const script = outputFiles[0]?.contents ?? new Uint8Array();
    const stage = new ReactStage(server, script, await launch());
    await new Promise((resolve) => stage.#pages.once("listening", resolve));
    return stage;
  }

  /** A page of somebody's, with a client and nothing mounted. */
  async visit(userId: string, claims: object = {}): Promise<Page> {
    const page = await (await this.#browser.newContext()).newPage();
    this.#open.push({ page, complaints: complaintsOf(page) });
    await page.goto(`http://127.0.0.1:${(this.#pages.address() as AddressInfo).port}`);
    const token = tokenFor(userId, SECRETS.AUTH_SECRET, claims);
    await page.evaluate(([url, token]) => globalThis.page.start(url, token), [
      this.server.url,
      token,
    ] as const);
    return page;
  }

  /** Ends a test's pages. Returns what their consoles complained of. */
  async clear(): Promise<readonly string[]> {
    this.rendered = "";
    const complaints = this.#open.flatMap((one) => one.complaints);
    await Promise.all(this.#open.splice(0).map(({ page }) => page.context().close()));
    return complaints;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    this.#pages.close();
    await this.server.stop();
  }
}

export function mount(page: Page, ...parts: readonly Part[]): Promise<void> {
  return page.evaluate((all) => globalThis.page.mount(all), parts);
}

/** What an element of a page says. */
export function text(page: Page, id: string): Promise<string> {
  return page.locator(`#${id}`).innerText();
}
