import { createDecoder, readVarString, readVarUint, readVarUint8Array } from "lib0/decoding";
import { encode, writeVarUint, writeVarUint8Array } from "lib0/encoding";

/** A message as it goes out. */
export type WireFrame = Uint8Array<ArrayBuffer>;

/** What a server says on the wire of y-websocket (P17.1), named as the server names it. */
export type WireMessage =
  /** Tells what the server has, and asks for the rest. */
  | { readonly type: "sync_step_1"; readonly vector: Uint8Array }
  /** The last of what it was asked for. */
  | { readonly type: "sync_step_2"; readonly update: Uint8Array }
  | { readonly type: "update"; readonly update: Uint8Array }
  | { readonly type: "awareness"; readonly awareness: Uint8Array }
  | { readonly type: "permission_denied"; readonly reason: string }
  /** Asks for what is shown here. */
  | { readonly type: "query_awareness" };

const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const QUERY_AWARENESS = 3;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

/** Reads a message; `undefined` for one that came after this SDK. Throws on what is none. */
export function readMessage(data: ArrayBuffer): WireMessage | undefined {
  const decoder = createDecoder(new Uint8Array(data));
  const type = readVarUint(decoder);
  if (type === QUERY_AWARENESS) return { type: "query_awareness" };
  if (type === AWARENESS) return { type: "awareness", awareness: readVarUint8Array(decoder) };
  if (type !== SYNC && type !== AUTH) return undefined;
  const step = readVarUint(decoder);
  if (type === AUTH) {
    return step === 0 ? { type: "permission_denied", reason: readVarString(decoder) } : undefined;
  }
  if (step > UPDATE) return undefined;
  const update = readVarUint8Array(decoder);
  if (step === STEP_1) return { type: "sync_step_1", vector: update };
  return { type: step === STEP_2 ? "sync_step_2" : "update", update };
}

/** Asks for what is not here yet; `vector` is an encoded state vector. */
export function writeSyncStep1(vector: Uint8Array): WireFrame {
  return write(vector, SYNC, STEP_1);
}

/** The answer to the server's own step 1. */
export function writeSyncStep2(update: Uint8Array): WireFrame {
  return write(update, SYNC, STEP_2);
}

export function writeUpdate(update: Uint8Array): WireFrame {
  return write(update, SYNC, UPDATE);
}

/** `awareness` is an encoded awareness update. */
export function writeAwareness(awareness: Uint8Array): WireFrame {
  return write(awareness, AWARENESS);
}

function write(payload: Uint8Array, ...kind: readonly number[]): WireFrame {
  return encode((encoder) => {
    for (const part of kind) writeVarUint(encoder, part);
    writeVarUint8Array(encoder, payload);
  }) as WireFrame;
}
