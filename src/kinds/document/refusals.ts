import { DOCUMENT_BOUNDS } from "../../protocol/document-limits.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";

/** Others were faster, or its sender is ahead of the document. */
export function behind(sent: number, stored: number): Refusal {
  return refusal(
    "conflict",
    `The document has ${stored} changes, and this builds on ${sent}. Apply those that it lacks, and send it anew on top of them.`,
  );
}

/** A snapshot is of what clients know: a version that some change led to. */
export function noVersion(version: number): Refusal {
  return refusal("conflict", `No change of this document has led to version ${version}.`);
}

/** Too much to tell everybody who comes. */
export const NEEDS_SNAPSHOT: Refusal = refusal(
  "too_large",
  `More than ${DOCUMENT_BOUNDS.tailEvents} frames of changes, or ${DOCUMENT_BOUNDS.tailBytes} bytes of them, have come since the last snapshot. Send a document_snapshot first.`,
);
