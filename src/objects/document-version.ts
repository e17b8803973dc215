import type { Newcomers } from "../document/holdings.ts";
import type { KeptDocument, Offered } from "../document/kept-document.ts";
import { restoreUpdate } from "../document/restore.ts";
import type { Version } from "../document/version-store.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import type { DocumentVersion, RestoredVersion } from "../protocol/http-answer.ts";
import { iso } from "../protocol/iso.ts";
import { NO_VERSION } from "../protocol/refusals.ts";
import { notBuilt } from "./document-form.ts";
import type { RoomResult } from "./room-api.ts";

/** Who restores a version, when, and as which client of the document. */
export interface Restorer {
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly client: number;
  /** Whether they may bring that client into the document; without it they may. */
  readonly newcomers?: Newcomers | undefined;
}

/** A version as it is told. */
export function toldVersion({ id, at, by, label }: Version): DocumentVersion {
  return { id, at: iso(at), by, ...(label === undefined ? {} : { label }) };
}

/**
 * Takes the change that makes a document what a version was, to be stored with the next flush. What it
 * was before becomes a version itself, so that this can be undone.
 */
export function restoreVersion(
  keeping: KeptDocument,
  id: number,
  { by, now, client, newcomers }: Restorer,
): RoomResult<RestoredVersion> {
  const then = keeping.versions.read(id);
  if (then === undefined) return { ok: false, error: NO_VERSION };
  const building = restoreUpdate([then], keeping.parts, client);
  if (building.kind !== "built") return { ok: false, error: notBuilt(building) };
  const update = building.value;
  if (update === undefined) return { ok: true, value: { changed: false } };
  if (!keeping.isVersion) keeping.keepVersion({ by, label: undefined, cause: "restore" }, now);
  const error = refusalOf(keeping.offer(update, newcomers));
  return error === undefined ? { ok: true, value: { changed: true } } : { ok: false, error };
}

/** Why an update that came by a request was not taken. */
export function refusalOf(offered: Offered): Refusal | undefined {
  switch (offered.kind) {
    case "taken":
    case "known":
      return undefined;
    case "refused":
      return refusal("invalid_request", `This is no update to be had: ${offered.error.message}`);
    case "fatal":
      return offered.error;
  }
}
