import { useRef } from "hono/jsx/dom";
import { VERSION_BOUNDS } from "../../../protocol/version-limits.ts";

/** Keeps the document as it is now, under a name or none. */
export function KeepVersion({ keep }: { readonly keep: (label: string) => Promise<void> }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <form
      class="keep-version"
      onSubmit={(event: Event) => {
        event.preventDefault();
        if (field.current === null) return;
        void keep(field.current.value.trim());
        field.current.value = "";
      }}
    >
      <label for="version-name">Name of this version (if you like)</label>
      <div class="keep-row">
        <input
          class="field"
          id="version-name"
          ref={field}
          dir="auto"
          maxLength={VERSION_BOUNDS.labelChars}
          autocomplete="off"
        />
        <button type="submit" class="button primary">
          Keep
        </button>
      </div>
    </form>
  );
}
