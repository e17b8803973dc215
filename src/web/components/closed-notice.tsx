import type { Problem } from "../connection/connection.ts";
import { entryWords } from "../connection/words.ts";

/** Why the room is closed to one, and the ways back in, in place of the composer. */
export function ClosedNotice(props: {
  readonly problem: Problem | undefined;
  readonly enterAgain: () => void;
  readonly signInAgain: () => void;
}) {
  return (
    <div class="closed-notice">
      <p role="alert">
        {props.problem === undefined
          ? "You have left."
          : entryWords(props.problem, location.origin)}
      </p>
      <div class="buttons">
        <button type="button" class="button primary" onClick={props.enterAgain}>
          Enter again
        </button>
        <button type="button" class="button" onClick={props.signInAgain}>
          Sign in as someone else
        </button>
      </div>
    </div>
  );
}
