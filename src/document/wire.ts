import * as encoding from "lib0/encoding";
import { type ByteReader, Malformed, readBytes } from "./byte-reader.ts";

/** The first byte of a message (y-websocket 3.1.0, src/y-websocket.js). */
const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;
const QUERY_AWARENESS = 3;

/** The second byte of a sync message (y-protocols 1.0.7, sync.js), and the one of an auth message (auth.js). */
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;
const PERMISSION_DENIED = 0;

/** One binary message of the y-websocket wire. What it carries is a view of the frame, and unchecked. */
export type WireMessage =
  /** Tells what the sender has, and asks for the rest. */
  | { readonly type: "sync_step_1"; readonly vector: Uint8Array }
  /** The answer to that. */
  | { readonly type: "sync_step_2"; readonly update: Uint8Array }
  | { readonly type: "update"; readonly update: Uint8Array }
  | { readonly type: "awareness"; readonly awareness: Uint8Array }
  | { readonly type: "permission_denied"; readonly reason: string }
  /** Asks for what everybody shows. */
  | { readonly type: "query_awareness" };

export type ReadMessage =
  | { readonly ok: true; readonly message: WireMessage }
  /** In plain words what is wrong with it. */
  | { readonly ok: false; readonly fault: string };

/** Reads a frame, which holds one message: stock clients and servers neither send nor read more. */
export function readMessage(frame: Uint8Array): ReadMessage {
  const read = readBytes(frame, messageOf);
  return read.ok ? { ok: true, message: read.value } : read;
}

function messageOf(reader: ByteReader): WireMessage {
  switch (reader.uint()) {
    case SYNC:
      return syncOf(reader);
    case AWARENESS:
      return { type: "awareness", awareness: reader.view() };
    case AUTH:
      if (reader.uint() !== PERMISSION_DENIED) throw new Malformed("it is no known auth message");
      return { type: "permission_denied", reason: reader.text() };
    case QUERY_AWARENESS:
      return { type: "query_awareness" };
    default:
      throw new Malformed("it is no known message");
  }
}

function syncOf(reader: ByteReader): WireMessage {
  switch (reader.uint()) {
    case STEP_1:
      return { type: "sync_step_1", vector: reader.view() };
    case STEP_2:
      return { type: "sync_step_2", update: reader.view() };
    case UPDATE:
      return { type: "update", update: reader.view() };
    default:
      throw new Malformed("it is no known sync message");
  }
}

/** Asks a client for what we lack; `vector` is an encoded state vector. */
export function writeSyncStep1(vector: Uint8Array): Uint8Array {
  return write(vector, SYNC, STEP_1);
}

/** Answers a client's step 1. A stock client counts as synced from here on. */
export function writeSyncStep2(update: Uint8Array): Uint8Array {
  return write(update, SYNC, STEP_2);
}

export function writeUpdate(update: Uint8Array): Uint8Array {
  return write(update, SYNC, UPDATE);
}

/** `awareness` is an encoded awareness update. */
export function writeAwareness(awareness: Uint8Array): Uint8Array {
  return write(awareness, AWARENESS);
}

/** A refusal, which a stock client warns of: the only one that this wire has. */
export function writePermissionDenied(reason: string): Uint8Array {
  return write(new TextEncoder().encode(reason), AUTH, PERMISSION_DENIED);
}

/** Asks a client for all that it knows of what is shown. */
export function writeQueryAwareness(): Uint8Array {
  return Uint8Array.of(QUERY_AWARENESS);
}

function write(payload: Uint8Array, ...kind: readonly number[]): Uint8Array {
  const head = encoding.encode((encoder) => {
    for (const part of kind) encoding.writeVarUint(encoder, part);
    encoding.writeVarUint(encoder, payload.length);
  });
  // An encoder that grows would copy a whole document twice more.
  const frame = new Uint8Array(head.length + payload.length);
  frame.set(head);
  frame.set(payload, head.length);
  return frame;
}
