import { DOCUMENT_BOUNDS } from "../../protocol/document-limits.ts";
import type { RoomLimits } from "../../protocol/settings.ts";

/** The limits of documents: larger frames than elsewhere, and more of them; a deployment may allow more. */
export function documentLimits(limits: RoomLimits): RoomLimits {
  const { frameBytes, framesPerSecond, framesBurst, bytesBurst } = DOCUMENT_BOUNDS;
  return {
    ...limits,
    frameBytes: Math.max(limits.frameBytes, frameBytes),
    framesPerSecond: Math.max(limits.framesPerSecond, framesPerSecond),
    framesBurst: Math.max(limits.framesBurst, framesBurst),
    bytesBurst: Math.max(limits.bytesBurst, bytesBurst),
  };
}
