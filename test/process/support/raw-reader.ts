import { connect, type Socket } from "node:net";
import { EventParser } from "../../support/event-parser.ts";
import { until } from "./until.ts";

/** A reader of an event stream that owns its TCP socket, so that it can stop reading. */
export class RawReader {
  readonly socket: Socket;
  readonly parser = new EventParser();
  ended = false;

  private constructor(socket: Socket) {
    this.socket = socket;
    const body = new ChunkedBody((text) => this.parser.push(text));
    socket.on("data", (data: Buffer) => body.push(data));
    socket.on("close", () => {
      this.ended = true;
    });
    socket.on("error", () => {});
  }

  /** Connects and asks for a stream; resolves with its first event. */
  static async open(
    port: number,
    path: string,
    token: string,
    lastEventId?: string,
  ): Promise<RawReader> {
    const head = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      `Authorization: Bearer ${token}`,
      ...(lastEventId === undefined ? [] : [`Last-Event-ID: ${lastEventId}`]),
    ];
    const reader = new RawReader(connect(port, "127.0.0.1"));
    reader.socket.write(`${head.join("\r\n")}\r\n\r\n`);
    await until(() => reader.parser.events.length > 0);
    return reader;
  }
}

/** The body of a response in chunks (RFC 9112 §7.1), cut anywhere. */
class ChunkedBody {
  readonly #onText: (text: string) => void;
  readonly #decoder = new TextDecoder();
  #rest = Buffer.alloc(0);
  #state: "head" | "size" | "body" = "head";
  #left = 0;

  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  push(data: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, data]);
    while (this.#step());
  }

  #step(): boolean {
    if (this.#state === "body") return this.#takeBody();
    const mark = this.#state === "head" ? "\r\n\r\n" : "\r\n";
    const end = this.#rest.indexOf(mark);
    if (end === -1) return false;
    const line = this.#rest.subarray(0, end).toString();
    this.#rest = this.#rest.subarray(end + mark.length);
    if (this.#state === "size") this.#left = Number.parseInt(line, 16) + 2;
    this.#state = this.#state === "head" ? "size" : "body";
    return true;
  }

  #takeBody(): boolean {
    const part = this.#rest.subarray(0, this.#left);
    this.#rest = this.#rest.subarray(part.length);
    // The chunk's own line end is not part of its text.
    const text = part.subarray(0, Math.max(0, this.#left - 2));
    this.#left -= part.length;
    this.#onText(this.#decoder.decode(text, { stream: true }));
    if (this.#left === 0) this.#state = "size";
    return part.length > 0 && this.#rest.length > 0;
  }
}
