import { BOUNDS } from "./limits.ts";
import type { RoomLimits } from "./settings.ts";
import type { Wire } from "./subprotocol.ts";

/**
 * How long a peer may be silent: one that speaks a subprotocol has promised heartbeats; one that
 * does not may be told `Infinity`.
 */
export function silenceMs(
  wire: Wire,
  { heartbeatMs, plainSilenceMs }: Pick<RoomLimits, "heartbeatMs" | "plainSilenceMs">,
): number {
  if (wire !== "plain") return heartbeatMs + BOUNDS.heartbeatGraceMs;
  return plainSilenceMs === 0 ? Number.POSITIVE_INFINITY : plainSilenceMs;
}
