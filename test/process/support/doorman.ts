import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pause } from "../../support/pause.ts";

/** What the backend answers about somebody: their role, or why not. */
export type Word = { readonly role: string } | "refuse" | "fail" | "hang";

/** The team's backend that a rule asks who may be in a room. */
export class Doorman {
  /** The rooms about which it was asked, in order, and about whom: `club:a/ada`. */
  readonly asked: string[] = [];
  /** What it says, by room; whoever comes first is an owner. */
  readonly words = new Map<string, Word>();
  /** How long it takes, in milliseconds. */
  delayMs = 0;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async ({ url = "" }, response) => {
      const about = decodeURIComponent(url.slice(1));
      this.asked.push(about);
      await pause(this.delayMs);
      const word = this.words.get(about.split("/")[0] ?? "") ?? { role: "owner" };
      if (word === "hang") return;
      response.statusCode = word === "refuse" ? 403 : word === "fail" ? 500 : 200;
      response.end(JSON.stringify(word));
    });
  }

  static async start(): Promise<Doorman> {
    const doorman = new Doorman();
    await new Promise<void>((resolve) => doorman.#server.listen(0, "127.0.0.1", resolve));
    return doorman;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How often it was asked about a room. */
  asks(room: string): number {
    return this.asked.filter((about) => about.startsWith(`${room}/`)).length;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
