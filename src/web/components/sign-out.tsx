import { Icon } from "./icon.tsx";

/** Forgets who one is, and leaves. */
export function SignOut({ signOut }: { readonly signOut: () => void }) {
  return (
    <button type="button" class="action" aria-label="Sign out" title="Sign out" onClick={signOut}>
      <Icon name="leave" />
    </button>
  );
}
