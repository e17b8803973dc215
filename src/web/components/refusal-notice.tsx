import type { Problem } from "../connection/connection.ts";
import { entryWords } from "../connection/words.ts";

/** Why one is not let in yet, and what to do, while the page goes on asking by itself. */
export function RefusalNotice(props: {
  readonly problem: Problem;
  readonly signInAgain: () => void;
}) {
  return (
    <div class="closed-notice">
      <p role="alert">{entryWords(props.problem, location.origin)}</p>
      <button type="button" class="button" onClick={props.signInAgain}>
        Sign in as someone else
      </button>
    </div>
  );
}
