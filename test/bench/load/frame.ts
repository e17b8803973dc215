import { randomFillSync } from "node:crypto";

/** Opcodes of RFC 6455 §5.2. */
export const OPCODES = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

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

/** Where the payload of a server's frame stands. */
export interface Header {
  readonly opcode: number;
  readonly start: number;
  readonly length: number;
}

/** The header of an unmasked frame (RFC 6455 §5.2); `undefined` while not all of it is there. */
export function headerAt(bytes: Buffer, at: number): Header | undefined {
  const left = bytes.length - at;
  if (left < 2) return undefined;
  const opcode = (bytes[at] ?? 0) & 0x0f;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  if (short < 126) return { opcode, start: at + 2, length: short };
  if (short === 126) {
    return left < 4 ? undefined : { opcode, start: at + 4, length: bytes.readUInt16BE(at + 2) };
  }
  return left < 10
    ? undefined
    : { opcode, start: at + 10, length: Number(bytes.readBigUInt64BE(at + 2)) };
}
