/** In place of the composer, where one's token does not let one write. */
export function ReadOnlyNotice(props: { readonly signInAgain: () => void }) {
  return (
    <div class="read-only" role="note">
      <p>You may read here, but not write.</p>
      <button type="button" class="button" onClick={props.signInAgain}>
        Sign in as someone else
      </button>
    </div>
  );
}
