import type { EncodedFrame } from "../protocol/encoded-frame.ts";
import type { LogEvent } from "./log.ts";

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
  | { readonly do: "receipt"; readonly userId: string; readonly upTo: number }
  | { readonly do: "typing"; readonly connectionId: string | undefined; readonly typing: boolean }
  | {
      readonly do: "close";
      readonly connectionId: string | undefined;
      readonly code: number;
      readonly reason: string;
    };
