import { type Refusal, refusal } from "../protocol/error.ts";
import { NO_VERSION } from "../protocol/refusals.ts";
import { SYSTEM_USER_ID } from "../protocol/user-id.ts";
import { VERSION_BOUNDS } from "../protocol/version-limits.ts";
import type { Version, VersionCause, VersionStore } from "./version-store.ts";

/** What somebody wants to be kept. */
export interface WantedVersion {
  readonly by: string;
  readonly label: string | undefined;
  readonly cause: VersionCause;
}

/** A version, or why there is none. */
export type Kept =
  | { readonly ok: true; readonly version: Version }
  | { readonly ok: false; readonly error: Refusal };

const { each, eachBytes, automaticMs } = VERSION_BOUNDS;

const AUTOMATIC: WantedVersion = { by: SYSTEM_USER_ID, label: undefined, cause: "automatic" };
const TOO_MANY_LABELS = refusal(
  "too_large",
  `A document keeps at most ${each} versions with a label, of ${eachBytes} bytes together. Take the label off another first: {"label": null}.`,
);

/** The versions of a document: which are kept, and for how long. */
export class Versions {
  readonly #store: VersionStore;

  constructor(store: VersionStore) {
    this.#store = store;
  }

  /** Those before an id, the newest first, and whether there are more. */
  page(before: number, limit: number): { versions: readonly Version[]; hasMore: boolean } {
    const found = this.#store.list(before, limit + 1);
    return { versions: found.slice(0, limit), hasMore: found.length > limit };
  }

  read(id: number): Uint8Array | undefined {
    return this.#store.read(id);
  }

  /** The size of a version, in bytes; 0 when there is none. */
  bytesOf(id: number): number {
    return this.#store.find(id)?.bytes ?? 0;
  }

  /** Whether the newest version has all that is stored up to this seq. */
  has(seq: number): boolean {
    return (this.#store.list(Number.MAX_SAFE_INTEGER, 1)[0]?.seq ?? 0) >= seq;
  }

  /** Whether one is to come by itself. A clock that was set back must not stop them. */
  isDue(seq: number, now: number): boolean {
    if (this.has(seq)) return false;
    const last = this.#all().find(({ isAutomatic }) => isAutomatic);
    return last === undefined || Math.abs(now - last.at) >= automaticMs;
  }

  /** Keeps one that comes by itself. */
  addAutomatic(update: Uint8Array, seq: number, now: number): void {
    this.add(AUTOMATIC, update, seq, now);
  }

  /** Keeps one, and lets the oldest of its sort go for it. */
  add({ by, label, cause }: WantedVersion, update: Uint8Array, seq: number, now: number): Kept {
    const all = this.#all();
    const id = (all[0]?.id ?? 0) + 1;
    const bytes = update.byteLength;
    const isAutomatic = cause === "automatic";
    const version = { id, at: now, by, label, isAutomatic, seq, bytes, cause };
    const alike = all.filter((other) => sortOf(other) === sortOf(version));
    const gone: number[] = [];
    while (alike.length > 0 && !fits(alike, bytes)) {
      if (label !== undefined) return { ok: false, error: TOO_MANY_LABELS };
      gone.push(alike.pop()?.id ?? 0);
    }
    this.#store.add(version, update, gone);
    return { ok: true, version };
  }

  /** Gives a version another label, or takes it off. */
  label(id: number, label: string | undefined): Kept {
    const version = this.#store.find(id);
    if (version === undefined) return { ok: false, error: NO_VERSION };
    if (label !== undefined && version.label === undefined) {
      const labelled = this.#all().filter((other) => other.label !== undefined);
      if (!fits(labelled, version.bytes)) return { ok: false, error: TOO_MANY_LABELS };
    }
    this.#store.label(id, label);
    return { ok: true, version: { ...version, label } };
  }

  #all(): readonly Version[] {
    return this.#store.list(Number.MAX_SAFE_INTEGER, each * 3 + 1);
  }
}

/** Which bound a version falls under. */
function sortOf({ label, isAutomatic }: Version): string {
  if (label !== undefined) return "labelled";
  return isAutomatic ? "automatic" : "asked";
}

function fits(others: readonly Version[], bytes: number): boolean {
  const sum = others.reduce((total, other) => total + other.bytes, bytes);
  return others.length < each && sum <= eachBytes;
}
