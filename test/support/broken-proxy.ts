import {
  createServer,
  type Server as HttpServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** What a proxy lets through, beside ordinary requests. */
export interface Passes {
  /** WebSocket upgrades; they are cut off otherwise, as proxies do that do not know them. */
  readonly upgrades: boolean;
  /** Responses that stream; they are held back until their end otherwise. */
  readonly streams: boolean;
}

/** A reverse proxy as one meets them: honest about requests, and about nothing else. */
export class BrokenProxy {
  /** May be changed while it runs, for what comes after. */
  passes: Passes;
  /** Paths that were asked for, upgrades as `UPGRADE path`. */
  readonly asked: string[] = [];
  readonly #target: number;
  readonly #sockets = new Set<Duplex>();
  /** Upgraded connections, each with its way on. */
  readonly #tunnels = new Set<readonly [Duplex, Duplex]>();
  #isHolding = false;
  readonly #server: HttpServer;

  private constructor(target: number, passes: Passes) {
    this.#target = target;
    this.passes = passes;
    this.#server = createServer((request, response) => this.#forward(request, response));
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.on("connection", (socket) => this.#keep(socket));
  }

  /** Starts one before a server's port. */
  static async start(target: number, passes: Passes): Promise<BrokenProxy> {
    const proxy = new BrokenProxy(target, passes);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  /** Where it answers, without a slash at the end. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How often something was asked for, by the end of its path. */
  count(what: RegExp): number {
    return this.asked.filter((path) => what.test(path)).length;
  }

  /** From now on carries nothing over upgraded connections, and closes none: as a dead router does. */
  hold(): void {
    this.#isHolding = true;
    for (const [near, far] of this.#tunnels) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
  }

  /** Carries those again that come from now on; what is held stays held. */
  passAgain(): void {
    this.#isHolding = false;
  }

  /** Carries everything again, also what was held. */
  release(): void {
    this.#isHolding = false;
    for (const [near, far] of this.#tunnels) {
      near.pipe(far);
      far.pipe(near);
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #keep(socket: Duplex): void {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    // Whoever is cut off hears of it by itself.
    socket.on("error", () => {});
  }

  #forward(request: IncomingMessage, response: ServerResponse): void {
    const { method, url, headers } = request;
    this.asked.push(`${method} ${pathOf(url)}`);
    const onward = httpRequest(
      { port: this.#target, host: "127.0.0.1", method, path: url, headers, agent: false },
      (answer) => {
        const isStream = answer.headers["content-type"]?.startsWith("text/event-stream") === true;
        // A proxy that buffers has nothing to pass on before a stream's end, which never comes.
        if (isStream && !this.passes.streams) {
          answer.resume();
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
        answer.on("error", () => response.destroy());
        answer.on("aborted", () => response.destroy());
      },
    );
    onward.on("error", () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad Gateway</h1>");
    });
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.asked.push(`UPGRADE ${pathOf(request.url)}`);
    if (!this.passes.upgrades) {
      socket.end("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      return;
    }
    const onward: Socket = connect(this.#target, "127.0.0.1", () => {
      onward.write(headOf(request));
      onward.write(head);
      const tunnel = [socket, onward] as const;
      this.#tunnels.add(tunnel);
      socket.on("close", () => this.#tunnels.delete(tunnel));
      if (this.#isHolding) return;
      onward.pipe(socket);
      socket.pipe(onward);
    });
    this.#keep(onward);
    onward.on("close", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  }
}

function pathOf(url: string | undefined): string {
  return (url ?? "").replace(/\?.*$/, "");
}

function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const headers = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}\r\n`] : [],
  );
  return `${method} ${url} HTTP/1.1\r\n${headers.join("")}\r\n`;
}
