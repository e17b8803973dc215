import type { Verifier } from "../auth/verifier.ts";
import type { Notice } from "../kinds/inbox/notice.ts";
import type { KindTable } from "../kinds/kind-table.ts";
import type { Carriers } from "../objects/delivery/carrier.ts";
import type { Granted } from "../protocol/authority.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import type { Outcome } from "../room/flush/outcome.ts";
import type { Subscription } from "../room/hooks/subscription.ts";
import type { Cancel } from "./virtual-clock.ts";
import type { WallClock } from "./wall-clock.ts";

/** What the rooms of a deployment have in common. */
export interface TestDeployment {
  /** What a name may say that its room is. */
  readonly kinds: KindTable;
  /** Who outside hears of what is stored in a room. */
  readonly subscriptions: (room: string) => readonly Subscription[];
  /** How its kinds' reviews are run: what they are handed, and what has time wait for them. */
  readonly reviews: {
    readonly env: unknown;
    readonly running: <T>(review: Promise<T>) => Promise<T>;
    /** One has thrown, or is late. */
    readonly failed: (error: unknown) => void;
  };
  /** What whoever comes is granted by the room's rule; `undefined` in a room that has none. */
  readonly granted: (room: string, userId: string) => Granted | undefined;
  /** Whether a room lets in whom its rule grants something, and nobody else. */
  readonly authorizes: (room: string) => boolean;
  /** Who brings it to them, by the names that addresses have. */
  readonly carriers: Carriers;
}

/** What a room needs of the world around it. */
export interface Surroundings {
  /** The default one when absent. */
  readonly deployment?: TestDeployment | undefined;
  readonly name: string;
  readonly wall: WallClock;
  readonly after: (delayMs: number, run: () => void) => Cancel;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly randomUUID: () => string;
  readonly limits: () => RoomLimits;
  /** How long a write takes until it is on disk, in milliseconds. */
  readonly diskMs: () => number;
  /** Reaches another room by its name. */
  readonly deliver: (room: string, notices: readonly Notice[]) => Promise<readonly Outcome[]>;
  readonly verifier: Verifier;
  /** Something was written, and is on disk now. */
  readonly written?: () => void;
  /** All that is stored is about to be erased, what is not on disk yet included. */
  readonly erasing?: () => void;
}
