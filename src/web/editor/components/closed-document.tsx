import type { Problem } from "../../connection/connection.ts";
import { closingOf } from "../state/closing.ts";
import { closedWords } from "../text/words.ts";

/** Why the document is closed to one, and the ways back in. */
export function ClosedDocument(props: {
  readonly problem: Problem | undefined;
  /** Something was written that the server has not. */
  readonly isUntaken: boolean;
  readonly openAgain: () => void;
  readonly discard: () => void;
  /** As oneself: what this device keeps stays. */
  readonly signInAgain: () => void;
  readonly signOut: () => void;
}) {
  const { problem, isUntaken } = props;
  const closing = closingOf(problem);
  return (
    <div class="closed-notice">
      <p role="alert">{closedWords(problem, isUntaken, location.origin)}</p>
      <div class="buttons">
        {closing === "signed_out" ? (
          <button type="button" class="button primary" onClick={props.signInAgain}>
            Sign in again
          </button>
        ) : closing === "too_large" && isUntaken ? (
          <button type="button" class="button primary" onClick={props.discard}>
            Discard what was not taken
          </button>
        ) : (
          <button type="button" class="button primary" onClick={props.openAgain}>
            Open again
          </button>
        )}
        <button type="button" class="button" onClick={props.signOut}>
          Sign in as someone else
        </button>
      </div>
    </div>
  );
}
