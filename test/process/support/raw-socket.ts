import { connect, type Socket } from "node:net";
import { until } from "./until.ts";

/** Opcode of a close frame, with the bit that it is whole (RFC 6455 §5.2). */
const CLOSE = 0x88;

/** A WebSocket that owns its TCP socket, so that it can say what no library lets it. */
export class RawSocket {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #hasEnded = false;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
    });
    socket.on("close", () => {
      this.#hasEnded = true;
    });
    socket.on("error", () => {});
  }

  /** Opens one; resolves with its greeting. */
  static async open(port: number, path: string, token: string): Promise<RawSocket> {
    const raw = new RawSocket(connect(port, "127.0.0.1"));
    const head = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      `Authorization: Bearer ${token}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Protocol: hibiki.v1.json",
    ];
    raw.#socket.write(`${head.join("\r\n")}\r\n\r\n`);
    await until(() => raw.#received.includes("joined_room"));
    return raw;
  }

  /** Closes with a code and waits until the server has ended the TCP socket; the code that it answered. */
  async close(code: number): Promise<number> {
    const from = this.#received.length;
    // Masked, as a client's frames are, by zeros.
    const payload = [code >> 8, code & 0xff];
    this.#socket.write(Buffer.from([CLOSE, 0x80 | payload.length, 0, 0, 0, 0, ...payload]));
    await until(
      () => this.#hasEnded,
      () => `no end after ${code}`,
      10_000,
    );
    const answer = this.#received.subarray(from);
    return answer.readUInt16BE(answer.indexOf(CLOSE) + 2);
  }
}
