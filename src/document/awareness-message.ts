import * as encoding from "lib0/encoding";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { ByteReader, decode, Malformed, readBytes } from "./byte-reader.ts";
import { nestingOf } from "./json-nesting.ts";

/** `null` as JSON. */
const NULL = new TextEncoder().encode("null");

/** What one client shows, as an awareness message says it (y-protocols 1.0.7, awareness.js). */
export interface Shown {
  /** The client id of its Y.Doc. */
  readonly client: number;
  /** Rises with whatever the client says of itself; others ignore what does not rise. */
  readonly clock: number;
  /** An object as JSON; `null` when the client shows nothing, or is gone. */
  readonly state: string | null;
}

export type ReadAwareness =
  | { readonly ok: true; readonly shown: readonly Shown[] }
  /** In plain words what is wrong with it. */
  | { readonly ok: false; readonly fault: string };

/** Whether what is said of a client may be new, by its clock and by whether the client is gone. */
export type Interest = (client: number, clock: number, isGone: boolean) => boolean;

/**
 * Reads an awareness message. A reader parses every state in it and throws on the first that is no
 * JSON, and editors look into it: so each is an object, or `null`.
 *
 * @param mayBeNew what is not is left out, and not looked into: stock clients repeat all that they hear.
 */
export function readAwareness(bytes: Uint8Array, mayBeNew: Interest = () => true): ReadAwareness {
  const read = readBytes(bytes, (reader) => shownIn(reader, mayBeNew));
  return read.ok ? { ok: true, shown: read.value } : read;
}

function shownIn(reader: ByteReader, mayBeNew: Interest): Shown[] {
  const count = reader.uint();
  if (count > YJS_BOUNDS.awarenessEntries) throw new Malformed("it speaks of too many clients");
  const shown: Shown[] = [];
  for (let index = 0; index < count; index++) {
    const client = reader.uint();
    const clock = clockOf(reader);
    const state = reader.view();
    const isGone = isNull(state);
    if (mayBeNew(client, clock, isGone))
      shown.push({ client, clock, state: isGone ? null : stateOf(decode(state)) });
  }
  return shown;
}

function isNull(state: Uint8Array): boolean {
  return state.length === NULL.length && NULL.every((byte, at) => byte === state[at]);
}

function clockOf(reader: ByteReader): number {
  const clock = reader.uint();
  if (clock >= YJS_BOUNDS.clock) throw new Malformed("a clock is too large");
  return clock;
}

function stateOf(json: string): string {
  let state: unknown;
  try {
    state = JSON.parse(json);
  } catch {
    throw new Malformed("what a client shows is not JSON");
  }
  if (typeof state !== "object" || state === null || Array.isArray(state))
    throw new Malformed("what a client shows is not an object");
  // Readers compare it with what was shown before, by recursion.
  if (nestingOf(json) > YJS_BOUNDS.depth)
    throw new Malformed("what a client shows nests too deeply");
  return json;
}

export function writeShown(shown: readonly Shown[]): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, shown.length);
    for (const { client, clock, state } of shown) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state ?? "null");
    }
  });
}

/** What two awareness updates say as one: what is said of a client in both, as the second says it. */
export function joinShown(one: Uint8Array, other: Uint8Array): Uint8Array {
  const [first, second] = [new ByteReader(one), new ByteReader(other)];
  const count = first.uint() + second.uint();
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, count);
    encoding.writeUint8Array(encoder, one.subarray(first.at));
    encoding.writeUint8Array(encoder, other.subarray(second.at));
  });
}
