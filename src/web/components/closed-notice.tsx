/** Why something is closed to one, and the ways back in. */
export function ClosedNotice(props: {
  readonly words: string;
  /** Words of the way back, such as "Enter again". */
  readonly againWords: string;
  readonly again: () => void;
  readonly signInAgain: () => void;
}) {
  return (
    <div class="closed-notice">
      <p role="alert">{props.words}</p>
      <div class="buttons">
        <button type="button" class="button primary" onClick={props.again}>
          {props.againWords}
        </button>
        <button type="button" class="button" onClick={props.signInAgain}>
          Sign in as someone else
        </button>
      </div>
    </div>
  );
}
