import { connect, type Socket } from "node:net";
import { PING } from "../../../src/protocol/client-frame.ts";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";

/** A peer that asks for something and reads none of it; the kernel's buffers hold a few megabytes. */
export class DeafSocket {
  readonly #socket: Socket;

  private constructor(port: number, path: string, userId: string, headers: readonly string[]) {
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.on("error", () => {});
    this.#socket.pause();
    const token = tokenFor(userId, SECRETS.AUTH_SECRET);
    const head = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      `Authorization: Bearer ${token}`,
      ...headers,
    ];
    this.#socket.write(`${head.join("\r\n")}\r\n\r\n`);
  }

  /** Asks for a page, or a stream. */
  static get(port: number, path: string, userId: string): DeafSocket {
    return new DeafSocket(port, path, userId, []);
  }

  /** Opens a WebSocket, uncompressed; with a subprotocol, or as a plain one. */
  static webSocket(
    port: number,
    path: string,
    userId: string,
    wire: "json" | "plain" = "json",
    headers: readonly string[] = [],
  ): DeafSocket {
    return new DeafSocket(port, path, userId, [
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ...(wire === "json" ? ["Sec-WebSocket-Protocol: hibiki.v1.json"] : []),
      ...headers,
    ]);
  }

  /** Shows life, as often as it likes, by the heartbeat's text. */
  ping(): void {
    this.tell(PING);
  }

  /** Says something in text, fewer than 126 bytes of it. */
  tell(text: string): void {
    this.#say(0x81, Buffer.from(text));
  }

  /** Says something in bytes, fewer than 126 of them. */
  say(bytes: Uint8Array): void {
    this.#say(0x82, bytes);
  }

  close(): void {
    this.#socket.destroy();
  }

  /** A whole frame, masked by nothing (RFC 6455 §5.2). */
  #say(begin: number, bytes: Uint8Array): void {
    const head = Buffer.from([begin, 0x80 | bytes.length, 0, 0, 0, 0]);
    this.#socket.write(Buffer.concat([head, bytes]));
  }
}
