import type { Numbers } from "../metrics/reporter.ts";
import type { Imported } from "../protocol/http-answer.ts";
import type { Audit } from "../protocol/log-line.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import type { RoomKind } from "../room/hooks/kind.ts";
import type { Room } from "../room/room.ts";
import type { RoomStore } from "../room/store/store.ts";
import type { Resending } from "./dead-letters.ts";
import type { RoomResult } from "./room-api.ts";

/** What a desk works with. */
export interface DeskParts {
  readonly kind: RoomKind;
  readonly room: Room;
  readonly store: RoomStore;
  readonly limits: RoomLimits;
  /** A room's numbers since its first day. */
  readonly numbers: () => Numbers;
  /** Size of the room's database. */
  readonly storedBytes: () => number;
  /** Has recipients visited at once for whom something waits. */
  readonly retry: Resending["retry"];
  /** Something was done that the log must tell of afterwards. */
  readonly audited: (audit: Audit) => void;
  /** Ends the room's life: all that it has and had is gone. */
  readonly erase: () => Promise<void>;
  /** The room has been told to ask about people anew. */
  readonly nudged: (now: number, userId: string | undefined) => void;
  /** Takes an export in. */
  readonly restore: (lines: ReadableStream<Uint8Array>) => Promise<RoomResult<Imported>>;
}
