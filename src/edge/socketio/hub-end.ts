import { CLOSES, type Close } from "../../protocol/close.ts";
import type { EngineEnd } from "../../socketio/engine/packet.ts";

const ENDS: ReadonlySet<string> = new Set<EngineEnd>([
  "transport close",
  "transport error",
  "ping timeout",
  "parse error",
  "forced close",
]);

/** How a Worker closes the connection to a hub of a client that is gone. */
export function closeOf(why: EngineEnd): Close {
  return { ...CLOSES.leftRoom, reason: why };
}

/** Why a client is gone, by how the connection of its Worker was closed. */
export function endOf(code: number, reason: string): EngineEnd {
  // What a Worker says that ends well is what `closeOf` says.
  if (code === CLOSES.leftRoom.code && ENDS.has(reason)) return reason as EngineEnd;
  return "transport close";
}
