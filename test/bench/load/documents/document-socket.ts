import { connect, type Socket } from "node:net";
import type { Entrance } from "../dialect.ts";
import { clientFrame, headerAt, OPCODES } from "../frame.ts";
import { upgradeRequest } from "../upgrade.ts";

/** One for all sockets: its bytes are used up before the next read. */
const readBuffer = Buffer.allocUnsafe(256 * 1024);
const NOTHING = Buffer.alloc(0);

/** A WebSocket of binary messages over a raw TCP socket. */
export class DocumentSocket {
  readonly #socket: Socket;
  readonly #heard: (message: Buffer) => void;
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

  private constructor(entrance: Entrance, heard: (message: Buffer) => void) {
    this.#heard = heard;
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

  /** Opens one; rejects when the server does not let it in. @param heard is lent each message. */
  static async open(entrance: Entrance, heard: (message: Buffer) => void): Promise<DocumentSocket> {
    const socket = new DocumentSocket(entrance, heard);
    await socket.#opened.promise;
    return socket;
  }

  send(message: Uint8Array): void {
    this.#socket.write(clientFrame(OPCODES.binary, Buffer.from(message)));
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
      if (header.opcode === OPCODES.binary) {
        this.frames += 1;
        this.bytes += payload.length;
        this.#heard(payload);
      } else if (header.opcode === OPCODES.ping) {
        this.#socket.write(clientFrame(OPCODES.pong, Buffer.from(payload)));
      } else {
        // A close, or text, which is no word of this wire.
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
