import type { Rules } from "../../contract/rules.ts";
import { DOCUMENT_BOUNDS } from "../../protocol/document-limits.ts";
import { type ExtendedKind, type Extension, extendedKind } from "../extension.ts";
import { presence } from "../presence.ts";
import { DOCUMENT_ARCHIVE } from "./archive.ts";
import { documentContract } from "./contract.ts";
import { changeDocument, keepSnapshot, moveCursor } from "./decisions.ts";
import { DOCUMENT_LOG } from "./document-log.ts";
import { DocumentMemory } from "./document-memory.ts";
import { documentLimits } from "./limits.ts";

const EXTENSION: Extension<typeof documentContract, DocumentMemory> = {
  presence: true,
  greets: "joined_document",
  answersFirst: true,
  gapMs: DOCUMENT_BOUNDS.gapMs,
  limits: documentLimits,
  address: {
    title: "A document in JSON",
    room: `${documentContract.prefix}:{document}`,
    parameters: { document: { description: "What is written together." } },
  },
  log: DOCUMENT_LOG,
  archive: DOCUMENT_ARCHIVE,
  open: (ports) => new DocumentMemory(ports),
  decide: {
    document_change: changeDocument,
    document_snapshot: keepSnapshot,
    cursor_move: moveCursor,
    presence,
  },
};

/**
 * Documents that people change together, each change on top of all that came before it, with rules of
 * a team's.
 *
 * @throws {TypeError} for a rule of something that a document does not have.
 */
export function documentKind(
  rules: Rules<typeof documentContract>,
): ExtendedKind<typeof documentContract> {
  return extendedKind(documentContract, rules, EXTENSION);
}

/** Documents that people change together. */
export const DOCUMENT = documentKind({});
