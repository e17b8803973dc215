import { BUILT_IN } from "../../src/kinds/built-in.ts";
import { KindTable } from "../../src/kinds/kind-table.ts";
import { DEFAULT_LIMITS } from "../../src/protocol/settings.ts";
import type { FrameParser } from "../../src/room/frame.ts";
import type { RoomKind } from "../../src/room/hooks/kind.ts";

const KINDS = new KindTable(BUILT_IN);

/** The kind of a room in the default deployment. */
export function kindOf(name: string): RoomKind {
  return KINDS.of(name);
}

/** The parser of what is said in a room of the default deployment. */
export function parserFor(name: string): FrameParser {
  return kindOf(name).parser(DEFAULT_LIMITS);
}
