import type { Close } from "../../protocol/close.ts";
import type { EncodedFrame } from "../../protocol/encoded-frame.ts";
import type { Audit } from "../../protocol/log-line.ts";
import type { LogEvent } from "../log/log.ts";
import type { DeadLetter } from "../store/dead-letters.ts";
import type { Delivery } from "../store/outbox.ts";

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
  /** Also for those that joined after it was queued: their greeting could not tell it yet. */
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
  | { readonly do: "deliver"; readonly deliveries: readonly Delivery[] }
  | { readonly do: "bury"; readonly letter: DeadLetter }
  | { readonly do: "receipt"; readonly userId: string; readonly upTo: number }
  /** What the kind does itself, and what is to be told of it; `isStored` when it is nothing without storage. */
  | { readonly do: "change"; readonly change: () => readonly Telling[]; readonly isStored: boolean }
  | {
      readonly do: "close";
      readonly connectionId: string | undefined;
      readonly close: Close;
    };

/** Whether an effect is nothing without storage. A receipt can wait for the next write. */
export function isStored(effect: Effect): boolean {
  switch (effect.do) {
    case "append":
    case "rewrite":
    case "erase":
    case "deliver":
    case "bury":
      return true;
    case "change":
      return effect.isStored;
    default:
      return false;
  }
}
