import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

/** Messages of y-protocols that carry an update. */
const SYNC = 0;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;
/** As Hocuspocus answers a first step. */
const SYNC_REPLY = 4;

/** What of a server's message matters here. */
export type Told =
  | { readonly kind: "asks" }
  | { readonly kind: "updates"; readonly update: Uint8Array }
  | { readonly kind: "other" };

const OTHER: Told = { kind: "other" };

/** Asks for everything that a state vector lacks. */
export function firstStep(prefix: Uint8Array, stateVector: Uint8Array): Uint8Array {
  return syncMessage(prefix, STEP_1, stateVector);
}

/** Answers a server that asks for what it lacks. */
export function secondStep(prefix: Uint8Array, update: Uint8Array): Uint8Array {
  return syncMessage(prefix, STEP_2, update);
}

/** Tells an edit. */
export function updateMessage(prefix: Uint8Array, update: Uint8Array): Uint8Array {
  return syncMessage(prefix, UPDATE, update);
}

/** Reads a server's message. */
export function readMessage(message: Uint8Array, prefix: Uint8Array): Told {
  const decoder = decoding.createDecoder(message);
  decoder.pos = prefix.length;
  const type = decoding.readVarUint(decoder);
  if (type !== SYNC && type !== SYNC_REPLY) return OTHER;
  const step = decoding.readVarUint(decoder);
  if (step === STEP_1) return { kind: "asks" };
  return { kind: "updates", update: decoding.readVarUint8Array(decoder) };
}

function syncMessage(prefix: Uint8Array, step: number, payload: Uint8Array): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeUint8Array(encoder, prefix);
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, step);
  encoding.writeVarUint8Array(encoder, payload);
  return encoding.toUint8Array(encoder);
}
