import type { KindTable } from "../../../../../src/kinds/kind-table.ts";
import type { Json } from "../../../../../src/protocol/json.ts";
import { RoomScene } from "../../../room/support/scene.ts";

/** One document on real SQLite. */
export class DocumentScene extends RoomScene {
  constructor(vars: Readonly<Record<string, string>> = {}, kinds?: KindTable) {
    super("document:notes", vars, kinds);
  }

  /** What a connection was told of changes, envelope and payload in one. */
  heard(id: string) {
    return this.sockets
      .of(id)
      .filter(({ type }) => type === "remote_change")
      .map(({ seq, messageId, payload }) => ({ seq, messageId, ...payload }));
  }

  /** The versions of the changes that a connection was told. */
  versions(id: string): readonly unknown[] {
    return this.sockets.payloads(id, "remote_change").map(({ version }) => version);
  }

  /** The messageIds of the changes that a connection was told. */
  keys(id: string): readonly unknown[] {
    return this.heard(id).map(({ messageId }) => messageId);
  }

  acks(id: string) {
    return this.sockets.payloads(id, "ack");
  }

  /** The first frame of a connection. */
  joined(id: string) {
    return this.sockets.payloads(id, "joined_document")[0];
  }
}

/** A `document_change`, named by its version unless told. */
export function change(version: number, changes: readonly Json[], messageId = `${version}`) {
  return { type: "document_change", messageId, payload: { version, changes } } as const;
}

/** A `document_snapshot`. */
export function snapshot(version: number, held: Json) {
  const messageId = `snapshot-${version}`;
  return { type: "document_snapshot", messageId, payload: { version, snapshot: held } } as const;
}

/** A `cursor_move`. */
export function move(position: Json) {
  return { type: "cursor_move", payload: { position } } as const;
}
