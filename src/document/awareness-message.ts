import * as encoding from "lib0/encoding";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { type ByteReader, Malformed, readBytes } from "./byte-reader.ts";
import { nestingOf } from "./json-nesting.ts";

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

/**
 * Reads an awareness message. A reader parses every state in it and throws on the first that is no
 * JSON, and editors look into it: so each is an object, or `null`.
 */
export function readAwareness(bytes: Uint8Array): ReadAwareness {
  const read = readBytes(bytes, shownIn);
  return read.ok ? { ok: true, shown: read.value } : read;
}

function shownIn(reader: ByteReader): Shown[] {
  const count = reader.uint();
  if (count > YJS_BOUNDS.awarenessEntries) throw new Malformed("it speaks of too many clients");
  const shown: Shown[] = [];
  for (let index = 0; index < count; index++)
    shown.push({ client: reader.uint(), clock: clockOf(reader), state: stateOf(reader.text()) });
  return shown;
}

function clockOf(reader: ByteReader): number {
  const clock = reader.uint();
  if (clock >= YJS_BOUNDS.clock) throw new Malformed("a clock is too large");
  return clock;
}

function stateOf(json: string): string | null {
  let state: unknown;
  try {
    state = JSON.parse(json);
  } catch {
    throw new Malformed("what a client shows is not JSON");
  }
  if (state === null) return null;
  if (typeof state !== "object" || Array.isArray(state))
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
