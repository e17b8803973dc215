import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** A message of a webhook that was taken. */
export interface Taken {
  readonly id: string;
  readonly type: string;
  readonly room: string;
  readonly seq: number;
}

/** How often it does not answer as it should: 1 is always. */
export interface Moods {
  /** It answers 503. */
  readonly refuses: number;
  /** It has written the message down, and hangs up. */
  readonly forgetsToAnswer: number;
}

/** A team's backend that hears of its rooms, with moods. */
export class HookLedger {
  /** What it has written down, in order. */
  readonly taken: Taken[] = [];
  /** Keys that `after` rules have told, as often as they did. */
  readonly afters: string[] = [];
  /** What no backend should ever be sent. */
  readonly faults: string[] = [];
  /** Attempts that were not answered with 200. */
  failed = 0;
  moods: Moods = { refuses: 0, forgetsToAnswer: 0 };
  /** Hears that somebody waits for its answer, by the path that was asked, before it answers. */
  asked: (path: string) => Promise<void> = async () => {};
  readonly #random: () => number;
  readonly #server: Server;

  private constructor(random: () => number) {
    this.#random = random;
    this.#server = createServer((request, response) => void this.#hear(request, response));
  }

  static async start(random: () => number): Promise<HookLedger> {
    const ledger = new HookLedger(random);
    await new Promise<void>((resolve) => ledger.#server.listen(0, "127.0.0.1", resolve));
    return ledger;
  }

  /** Variables of a server that tells it. */
  get vars(): Readonly<Record<string, string>> {
    const { port } = this.#server.address() as AddressInfo;
    return { HOOK_URL: `http://127.0.0.1:${port}`, HOOK_SECRET: SECRET };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    try {
      for await (const chunk of request.setEncoding("utf8")) body += chunk;
    } catch {
      // The server was killed while it sent this.
      return;
    }
    await this.asked(request.url ?? "");
    const mood = this.#random();
    if (mood < this.moods.refuses) {
      this.failed += 1;
      response.writeHead(503).end();
      return;
    }
    const isForgetful = mood < this.moods.refuses + this.moods.forgetsToAnswer;
    if (request.url === "/after") this.afters.push(String(JSON.parse(body).key));
    else if (request.url !== "/review") this.#take(request, body);
    if (isForgetful) {
      this.failed += 1;
      response.destroy();
    } else response.writeHead(200).end();
  }

  #take({ headers }: IncomingMessage, body: string): void {
    try {
      new Webhook(SECRET).verify(body, headers as Record<string, string>);
      const { type, data } = JSON.parse(body);
      this.taken.push({ id: String(headers["webhook-id"]), type, room: data.room, seq: data.seq });
    } catch (error) {
      this.faults.push(String(error));
    }
  }
}
