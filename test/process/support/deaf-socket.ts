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
  ): DeafSocket {
    return new DeafSocket(port, path, userId, [
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ...(wire === "json" ? ["Sec-WebSocket-Protocol: hibiki.v1.json"] : []),
    ]);
  }

  /** Shows life, as often as it likes: the heartbeat's text in a masked frame (RFC 6455 §5.2). */
  ping(): void {
    const text = Buffer.from(PING);
    this.#socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text]));
  }

  close(): void {
    this.#socket.destroy();
  }
}
