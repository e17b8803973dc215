import type { Refusal } from "../../protocol/error.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type { Command } from "../extension.ts";
import type { documentContract } from "./contract.ts";
import { cursorNotice } from "./cursors.ts";
import type { DocumentMemory } from "./document-memory.ts";
import { behind, NEEDS_SNAPSHOT, noVersion } from "./refusals.ts";

type Document<Type extends keyof (typeof documentContract)["commands"]> = Command<
  typeof documentContract,
  (typeof documentContract)["commands"][Type],
  DocumentMemory
>;

const NOTHING: readonly Telling[] = [];

/**
 * Stores changes that build on all that there are. Whoever lacks some is refused and told them, and
 * builds on them then.
 */
export function changeDocument(command: Document<"document_change">): Refusal | undefined {
  const { data, actor, now, memory, tx } = command;
  const { version: from, changes } = data;
  const { connectionId, userId } = actor;
  const stored = memory.version;
  if (from !== stored) {
    tx.despite(() => {
      // It may have left before its frame was decided, and would wait for ever.
      const connection = memory.connection(connectionId);
      if (connection === undefined) return;
      memory.waiting.refused(connection.id, now);
      memory.missed.refused(connection, from);
    });
    return behind(from, stored);
  }
  const refused = memory.refusesChanges(actor, changes.length, now);
  if (refused !== undefined) return refused;
  if (memory.tail.isFull) return NEEDS_SNAPSHOT;
  const version = from + changes.length;
  tx.remember(() => {
    memory.spend(actor, changes.length, now);
    memory.waiting.taken(connectionId);
  });
  tx.saved({ savedId: version, version });
  tx.append("remote_change", { from, version, changes, userId }, { target: version });
  return undefined;
}

/** Keeps what the document is after so many changes, for whoever joins; an older one is not needed any more. */
export function keepSnapshot(command: Document<"document_snapshot">): Refusal | undefined {
  const { data, now, memory, tx } = command;
  const { version, snapshot } = data;
  tx.saved({ savedId: version, version });
  const seq = memory.places.seqAt(version);
  if (seq === undefined) return version > memory.firstVersion ? noVersion(version) : undefined;
  if (seq <= memory.tail.begin) return undefined;
  tx.keep(() => {
    memory.keepSnapshot(version, seq, snapshot, now);
    return NOTHING;
  });
  return undefined;
}

/** Tells the others where somebody's cursor is. */
export function moveCursor(command: Document<"cursor_move">): Refusal | undefined {
  const { data, actor, now, memory, tx } = command;
  const { position } = data;
  const connection = memory.connection(actor.connectionId);
  // It may have left before its frame was decided.
  if (connection === undefined) return undefined;
  const refused = position === null ? undefined : memory.cursors.refuses(actor.userId, position);
  if (refused !== undefined) return refused;
  tx.remember(() => memory.cursors.move(connection, position));
  tx.tell(cursorNotice(connection, position, now));
  return undefined;
}
