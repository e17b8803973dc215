import { connect, type Socket } from "node:net";
import type { Dialect, Entrance } from "./dialect.ts";
import { clientFrame, OPCODES } from "./frame.ts";
import { type FrameSink, FrameStream } from "./frame-stream.ts";
import { copyMarker, findMessages, NUMBER_DIGITS, numberAt } from "./message.ts";
import type { SharedFrame, SharedFrames } from "./shared-frame.ts";
import { upgradeRequest } from "./upgrade.ts";

/** Told what comes in on one connection. `numbers` is only lent. */
export interface Listener {
  messages(numbers: readonly number[]): void;
  answered(id: number, success: boolean): void;
}

/** How a connection is opened. */
export interface ConnectionOptions {
  readonly entrance: Entrance;
  readonly dialect: Dialect;
  readonly listener: Listener;
  readonly shared: SharedFrames;
  /** Whether answers are looked for: only who sends gets any. */
  readonly isSender: boolean;
}

const OPEN_TIMEOUT_MS = 60_000;
const LETTER_T = 0x74;
/** One for all sockets: its bytes are used up before the next read. */
const readBuffer = Buffer.allocUnsafe(256 * 1024);
const scratch: number[] = [];

/** One WebSocket over a raw TCP socket: frames are counted by what is in them, and not decoded. */
export class Connection implements FrameSink {
  readonly #options: ConnectionOptions;
  readonly #answer: Buffer | undefined;
  readonly #copy: Buffer;
  readonly #stream: FrameStream;
  readonly #socket: Socket;
  #upgraded = false;
  #head = Buffer.alloc(0);
  #isLetIn = false;
  #isOpen = false;
  #opened: ((welcome: string) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  #closing = false;
  /** Bytes received so far. */
  bytes = 0;
  /** Pings of the server's that were answered so far. */
  pings = 0;
  /** Whether the other side ended it. */
  lost = false;

  private constructor(options: ConnectionOptions) {
    this.#options = options;
    const { answer, copy } = options.dialect;
    this.#copy = copyMarker(copy);
    this.#answer =
      options.isSender && answer !== undefined ? Buffer.from(answer.before) : undefined;
    this.#stream = new FrameStream(this, options.shared);
    this.#socket = connect({
      host: "127.0.0.1",
      port: options.entrance.port,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (count: number) => {
          this.#received(count);
          return true;
        },
      },
    });
    this.#socket.on("connect", () => this.#socket.write(upgradeRequest(options.entrance)));
    this.#socket.on("error", (error) => this.#ended(error));
    this.#socket.on("close", () => this.#ended(new Error("The server closed the connection.")));
  }

  /** Opens one; resolves with it and its first frame once it is in. */
  static open(options: ConnectionOptions): Promise<{ connection: Connection; welcome: string }> {
    const connection = new Connection(options);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        connection.close();
        reject(new Error(`No welcome within ${OPEN_TIMEOUT_MS} ms.`));
      }, OPEN_TIMEOUT_MS);
      connection.#opened = (welcome) => {
        clearTimeout(timer);
        resolve({ connection, welcome });
      };
      connection.#failed = (error) => {
        clearTimeout(timer);
        reject(error);
      };
    });
  }

  /** Sends one text frame. */
  send(text: string): void {
    this.#socket.write(clientFrame(OPCODES.text, text));
  }

  /** Sends whatever this server takes for a heartbeat. */
  beat(): void {
    const { heartbeat } = this.#options.dialect;
    if (heartbeat === undefined) this.#socket.write(clientFrame(OPCODES.ping, ""));
    else this.send(heartbeat);
  }

  /** Cuts it, as a lost network does. */
  close(): void {
    this.#closing = true;
    this.#socket.destroy();
  }

  small(bytes: Buffer, from: number, to: number): void {
    if (!this.#isOpen) this.#welcome(bytes, from, to);
    scratch.length = 0;
    findMessages(bytes, from, to, scratch, this.#copy);
    if (scratch.length > 0) this.#options.listener.messages(scratch);
    this.#findAnswers(bytes, from, to);
  }

  big(frame: SharedFrame): void {
    if (!this.#isOpen) this.#welcome(frame.bytes, 0, frame.bytes.length);
    if (frame.messages.length > 0) this.#options.listener.messages(frame.messages);
    this.#findAnswers(frame.bytes, 0, frame.bytes.length);
  }

  single(byte: number): void {
    const { pinged } = this.#options.dialect;
    if (pinged?.byte !== byte) return;
    this.pings += 1;
    this.send(pinged.reply);
  }

  ping(payload: Buffer): void {
    this.#socket.write(clientFrame(OPCODES.pong, payload));
  }

  closed(): void {
    this.lost = true;
  }

  #received(count: number): void {
    this.bytes += count;
    const bytes = readBuffer.subarray(0, count);
    if (this.#upgraded) {
      this.#stream.feed(bytes);
      return;
    }
    this.#head = Buffer.concat([this.#head, bytes]);
    const end = this.#head.indexOf("\r\n\r\n");
    if (end === -1) return;
    const head = this.#head.subarray(0, end).toString("latin1");
    if (!head.startsWith("HTTP/1.1 101")) {
      this.#ended(new Error(`The upgrade was refused: ${head.slice(0, 200)}`));
      this.close();
      return;
    }
    const rest = this.#head.subarray(end + 4);
    this.#upgraded = true;
    const { greeting, welcome } = this.#options.dialect;
    if (greeting !== undefined) this.send(greeting);
    if (welcome === undefined) this.#open("");
    if (rest.length > 0) this.#stream.feed(rest);
  }

  #welcome(bytes: Buffer, from: number, to: number): void {
    const { letIn, welcome } = this.#options.dialect;
    if (letIn !== undefined && !this.#isLetIn) {
      const told = bytes.indexOf(letIn.told, from);
      if (told === -1 || told >= to) return;
      this.#isLetIn = true;
      this.send(letIn.reply);
    }
    const at = welcome === undefined ? -1 : bytes.indexOf(welcome, from);
    if (at !== -1 && at < to) this.#open(bytes.toString("latin1", at, to));
  }

  #open(welcome: string): void {
    this.#isOpen = true;
    this.#opened?.(welcome);
    this.#opened = undefined;
  }

  #findAnswers(bytes: Buffer, from: number, to: number): void {
    const { answer } = this.#options.dialect;
    if (this.#answer === undefined || answer === undefined) return;
    let at = bytes.indexOf(this.#answer, from);
    while (at !== -1 && at < to) {
      const number = at + this.#answer.length;
      const success = bytes[number + NUMBER_DIGITS + answer.toSuccess] === LETTER_T;
      this.#options.listener.answered(numberAt(bytes, number), success);
      at = bytes.indexOf(this.#answer, number);
    }
  }

  #ended(error: Error): void {
    if (!this.#closing) this.lost = true;
    this.#failed?.(error);
    this.#failed = undefined;
  }
}
