import { CLOSE_CODES } from "../protocol/close-code.ts";
import type { Cancel } from "./environment.ts";
import type { Link } from "./link.ts";
import type { RoomStatus } from "./room-event.ts";
import type { Upkeep } from "./upkeep.ts";

/** A token that the server refused. */
export interface Refused {
  readonly token: string;
  /** Whether enough time has passed since to try the same one again, if there is no other. */
  readonly mayRepeat: boolean;
}

/** Where a connection is on its way, with what it holds there. */
export type Phase =
  | { readonly phase: "authorizing" }
  | {
      readonly phase: "greeting";
      readonly link: Link;
      readonly token: string;
      readonly cancel: Cancel;
    }
  | { readonly phase: "open"; readonly link: Link; readonly upkeep: Upkeep }
  | { readonly phase: "waiting"; readonly cancel: Cancel; readonly refused: Refused | undefined }
  | { readonly phase: "closed" };

/** What the application is told of a phase; `isFirst` while nothing has failed or succeeded yet. */
export function statusOf({ phase }: Phase, isFirst: boolean): RoomStatus {
  if (phase === "open" || phase === "closed") return phase;
  return isFirst && phase !== "waiting" ? "connecting" : "reconnecting";
}

/** Lets go of what a phase held and the next one does not. */
export function leavePhase(before: Phase, next: Phase): void {
  if ("cancel" in before) before.cancel();
  if ("upkeep" in before) before.upkeep.stop();
  if ("link" in before && !("link" in next && next.link === before.link))
    before.link.drop(CLOSE_CODES.done.code, "");
}
