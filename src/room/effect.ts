import type { EncodedFrame } from "../protocol/encoded-frame.ts";
import type { Audit } from "../protocol/log-line.ts";
import type { NotificationsRead } from "../protocol/notification.ts";
import type { LastValue } from "../protocol/server-frame.ts";
import type { LogEvent } from "./log.ts";
import type { Notice } from "./outbox.ts";

/** Who gets a frame. */
export type Audience =
  | { readonly to: "all" }
  | { readonly to: "all-but-user"; readonly userId: string }
  | { readonly to: "all-but-connection"; readonly connectionId: string | undefined }
  | { readonly to: "connection"; readonly connectionId: string | undefined };

/** A frame and who gets it. */
export interface Telling {
  readonly audience: Audience;
  readonly frame: EncodedFrame;
  /** Of several frames under one name in one flush, only the newest is told. */
  readonly conflated?: string | undefined;
  /** Also to who joined after it was queued: its greeting could not have told this yet. */
  readonly owedToNewcomers?: true;
}

/** A frame of a flush, and its place in the room's queue. */
export interface Outgoing extends Telling {
  readonly place: number;
}

/** What a decision does to the world. An appended event is told to all without saying so. */
export type Effect =
  | { readonly do: "append"; readonly event: LogEvent }
  | {
      readonly do: "rewrite";
      readonly seq: number;
      readonly payload: string;
      readonly lastEdit?: number;
    }
  | { readonly do: "erase"; readonly seq: number; readonly tombstone: string }
  | ({ readonly do: "tell" } & Telling)
  | { readonly do: "audit"; readonly audit: Audit }
  | { readonly do: "notify"; readonly notices: readonly Notice[] }
  /** A notice from another room was taken, which the inbox's quota counts. */
  | { readonly do: "arrive" }
  | { readonly do: "mark-read"; readonly read: NotificationsRead }
  | { readonly do: "keep-last"; readonly event: string; readonly value: LastValue }
  | { readonly do: "receipt"; readonly userId: string; readonly upTo: number }
  | { readonly do: "typing"; readonly connectionId: string | undefined; readonly typing: boolean }
  | {
      readonly do: "close";
      readonly connectionId: string | undefined;
      readonly code: number;
      readonly reason: string;
    };

const STORED: ReadonlySet<Effect["do"]> = new Set<Effect["do"]>([
  "append",
  "rewrite",
  "erase",
  "notify",
  "mark-read",
  "keep-last",
]);

/** Whether an effect is nothing without storage. A receipt can wait for the next write. */
export function isStored(effect: Effect): boolean {
  return STORED.has(effect.do);
}
