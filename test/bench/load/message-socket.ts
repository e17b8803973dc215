import { connect, type Socket } from "node:net";
import type { Entrance } from "./dialect.ts";
import { clientFrame, headerAt, OPCODES } from "./frame.ts";
import { upgradeRequest } from "./upgrade.ts";

/** What a wire's messages are, both ways. */
export type MessageForm = "text" | "binary";

/** Is lent each message, and may answer it at once. */
export type Heard = (message: Buffer, answer: (message: Uint8Array) => void) => void;

/** One for all sockets: its bytes are used up before the next read. */
const readBuffer = Buffer.allocUnsafe(256 * 1024);
const NOTHING = Buffer.alloc(0);

/** A WebSocket of whole messages, all of one form, over a raw TCP socket. */
export class MessageSocket {
  readonly #socket: Socket;
  readonly #heard: Heard;
  readonly #opcode: number;
  readonly #opened = Promise.withResolvers<void>();
  #isUpgraded = false;
  /** The begin of a frame whose end has not come. */
  #carry: Buffer = NOTHING;
  #isClosing = false;
  /** Data frames received so far, and their bytes. */
  frames = 0;
  bytes = 0;
  /** Whether the other side ended it, or broke the wire. */
  lost = false;

  private constructor(entrance: Entrance, heard: Heard, form: MessageForm) {
    this.#heard = heard;
    this.#opcode = OPCODES[form];
    this.#socket = connect({
      host: "127.0.0.1",
      port: entrance.port,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (count: number) => {
          this.#feed(readBuffer.subarray(0, count));
          return true;
        },
      },
    });
    this.#socket.on("connect", () => this.#socket.write(upgradeRequest(entrance)));
    this.#socket.on("error", (error) => this.#ended(error));
    this.#socket.on("close", () => this.#ended(new Error("The server closed the connection.")));
  }

  /** Opens one; rejects when the server does not let it in. */
  static async open(
    entrance: Entrance,
    heard: Heard,
    form: MessageForm = "binary",
  ): Promise<MessageSocket> {
    const socket = new MessageSocket(entrance, heard, form);
    await socket.#opened.promise;
    return socket;
  }

  readonly #answer = (message: Uint8Array): void => this.send(message);

  send(message: Uint8Array): void {
    this.#socket.write(clientFrame(this.#opcode, Buffer.from(message)));
  }

  /** Cuts it, as a lost network does. */
  close(): void {
    this.#isClosing = true;
    this.#socket.destroy();
  }

  #feed(bytes: Buffer): void {
    let chunk = this.#carry === NOTHING ? bytes : Buffer.concat([this.#carry, bytes]);
    this.#carry = NOTHING;
    if (!this.#isUpgraded) {
      const end = chunk.indexOf("\r\n\r\n");
      if (end === -1) {
        this.#carry = Buffer.from(chunk);
        return;
      }
      const head = chunk.subarray(0, end).toString("latin1");
      if (!head.startsWith("HTTP/1.1 101")) {
        this.#ended(new Error(`The upgrade was refused: ${head.slice(0, 200)}`));
        this.close();
        return;
      }
      this.#isUpgraded = true;
      this.#opened.resolve();
      chunk = chunk.subarray(end + 4);
    }
    const end = this.#walk(chunk);
    if (end < chunk.length) this.#carry = Buffer.from(chunk.subarray(end));
  }

  /** Takes all whole frames; returns where they end. */
  #walk(chunk: Buffer): number {
    let at = 0;
    for (let header = headerAt(chunk, at); header !== undefined; header = headerAt(chunk, at)) {
      const end = header.start + header.length;
      if (end > chunk.length) break;
      const payload = chunk.subarray(header.start, end);
      if (header.opcode === this.#opcode) {
        this.frames += 1;
        this.bytes += payload.length;
        this.#heard(payload, this.#answer);
      } else if (header.opcode === OPCODES.ping) {
        this.#socket.write(clientFrame(OPCODES.pong, Buffer.from(payload)));
      } else {
        // A close, or a form that is none of this wire.
        this.lost = true;
      }
      at = end;
    }
    return at;
  }

  #ended(error: Error): void {
    if (!this.#isClosing) this.lost = true;
    this.#opened.reject(error);
  }
}
