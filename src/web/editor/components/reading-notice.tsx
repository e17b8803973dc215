import { DOCUMENTS } from "../documents.ts";

/** That one reads and does not write, and why. */
export function ReadingNotice(props: {
  readonly name: string;
  /** It is the link that says so; else one's sign-in. */
  readonly isLink: boolean;
  /** Something was written that the server has not taken. */
  readonly isUntaken: boolean;
  readonly discard: () => void;
  readonly signOut: () => void;
}) {
  if (props.isLink) {
    return (
      <div class="read-only" role="note">
        <p>You are reading along: this link does not let you write.</p>
        <a class="button" href={DOCUMENTS.pathOf(props.name)}>
          Open it to write
        </a>
      </div>
    );
  }
  return (
    <div class="read-only" role={props.isUntaken ? "alert" : "note"}>
      <p>
        {props.isUntaken
          ? "You may read here, but not write: what you wrote last was not taken, and nobody else sees it. Copy it if you need it."
          : "You may read here, but not write."}
      </p>
      <div class="buttons">
        {props.isUntaken && (
          <button type="button" class="button" onClick={props.discard}>
            Discard what was not taken
          </button>
        )}
        <button type="button" class="button" onClick={props.signOut}>
          Sign in as someone else
        </button>
      </div>
    </div>
  );
}
