import { CLOSE_CODES } from "../protocol/close-code.ts";
import type { Cancel } from "./environment.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { Link } from "./link.ts";
import type { RoomStatus } from "./room-event.ts";
import type { TokenRenewal } from "./token-renewal.ts";

/** A token that the server refused. */
export interface Refused {
  readonly token: string;
  /** Whether enough time has passed since to try the same one again, if there is no other. */
  readonly mayRepeat: boolean;
}

/** A greeted connection. */
export interface Open {
  readonly phase: "open";
  readonly link: Link;
  /** The token that it was opened with. */
  readonly token: string;
  readonly heartbeat: Heartbeat;
  /** What keeps it from ending with its token, where there can be another and once its code is there. */
  renewal?: TokenRenewal;
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
  | Open
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
  if (before.phase === "open") {
    before.heartbeat.stop();
    before.renewal?.stop();
  }
  if (!("link" in before) || next.phase === "open") return;
  before.link.drop(next.phase === "closed" ? CLOSE_CODES.done.code : undefined);
}
