/** How the room is connected, as the page tells it. */
export type Connection =
  | { readonly state: "connecting" }
  | { readonly state: "open" }
  | {
      readonly state: "reconnecting";
      readonly attempt: number;
      readonly retryAtMs?: number;
      /** What the server refused it for, if it did: until it lets one in. */
      readonly refusal?: Problem;
    }
  | { readonly state: "closed"; readonly problem?: Problem };

/** Why something was refused: the SDK's or the server's code, and its own words. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** `false` when asking for the same again is bound to fail. */
  readonly retryable?: boolean | undefined;
  readonly retryAfterMs?: number | undefined;
  /** What became of what the server did not answer: never sent, or perhaps stored. */
  readonly outcome?: "not_sent" | "unknown" | undefined;
  /** Where in the log to look for it, should it be sent again. */
  readonly sentAt?: number | undefined;
}

/**
 * Code of a {@link Problem} that only the page knows: one was let in, and then another place of the
 * same person took this one's.
 */
export const DISPLACED = "displaced";
