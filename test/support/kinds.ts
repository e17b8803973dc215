import { BUILT_IN } from "../../src/kinds/built-in.ts";
import type { RoomKind } from "../../src/room/hooks/kind.ts";
import { KindTable } from "../../src/room/hooks/kind-table.ts";

const KINDS = new KindTable(BUILT_IN);

/** The kind of a room in the default deployment. */
export function kindOf(name: string): RoomKind {
  return KINDS.of(name);
}
