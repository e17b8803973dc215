import { randomBytes } from "node:crypto";
import type { Entrance } from "./dialect.ts";

/** A client's opening handshake (RFC 6455 §4.1). */
export function upgradeRequest({ port, target, headers }: Entrance): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n${lines.join("")}\r\n`;
}
