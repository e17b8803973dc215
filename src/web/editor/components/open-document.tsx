import { useRef } from "hono/jsx/dom";
import { DOCUMENT_PATTERN, pathOfDocument } from "../document-path.ts";

/** Goes to a document by name. One comes to be when somebody writes in it. */
export function OpenDocument() {
  const field = useRef<HTMLInputElement>(null);
  return (
    <form
      class="open-room"
      aria-label="Go to another document"
      onSubmit={(event: Event) => {
        event.preventDefault();
        if (field.current !== null) location.assign(pathOfDocument(field.current.value));
      }}
    >
      <input
        class="field"
        ref={field}
        required
        pattern={DOCUMENT_PATTERN}
        title="Letters, digits, and . _ ~ : -"
        placeholder="Another document"
        aria-label="Name of another document"
        autocapitalize="none"
        autocomplete="off"
      />
      <button type="submit" class="button">
        Go
      </button>
    </form>
  );
}
