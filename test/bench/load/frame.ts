import { randomFillSync } from "node:crypto";

/** Opcodes of RFC 6455 §5.2. */
export const OPCODES = { text: 1, close: 8, ping: 9, pong: 10 } as const;

const MASKED = 0x80;
const FINAL = 0x80;
const LENGTH_16 = 126;

const masks = Buffer.alloc(4_096);
let maskAt = masks.length;

/** A final, masked client frame (RFC 6455 §5.2) of less than 64 KiB. */
export function clientFrame(opcode: number, payload: string | Buffer): Buffer {
  const body = typeof payload === "string" ? Buffer.from(payload) : payload;
  const extended = body.length >= LENGTH_16 ? 2 : 0;
  const frame = Buffer.allocUnsafe(6 + extended + body.length);
  frame[0] = FINAL | opcode;
  frame[1] = MASKED | (extended === 0 ? body.length : LENGTH_16);
  if (extended > 0) frame.writeUInt16BE(body.length, 2);
  const key = 2 + extended;
  nextMask(frame, key);
  for (let index = 0; index < body.length; index++) {
    frame[key + 4 + index] = (body[index] ?? 0) ^ (frame[key + (index & 3)] ?? 0);
  }
  return frame;
}

function nextMask(frame: Buffer, at: number): void {
  if (maskAt === masks.length) {
    randomFillSync(masks);
    maskAt = 0;
  }
  masks.copy(frame, at, maskAt, maskAt + 4);
  maskAt += 4;
}
