import type { Problem } from "../../connection/connection.ts";
import { closedWords } from "../text/words.ts";

/** Why the document is closed to one, and the ways back in. */
export function ClosedDocument(props: {
  readonly problem: Problem | undefined;
  readonly openAgain: () => void;
  readonly signInAgain: () => void;
}) {
  return (
    <div class="closed-notice">
      <p role="alert">{closedWords(props.problem, location.origin)}</p>
      <div class="buttons">
        <button type="button" class="button primary" onClick={props.openAgain}>
          Open again
        </button>
        <button type="button" class="button" onClick={props.signInAgain}>
          Sign in as someone else
        </button>
      </div>
    </div>
  );
}
