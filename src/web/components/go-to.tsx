import { useRef } from "hono/jsx/dom";

/** A field for the name of another place. One comes to be when somebody enters it. */
export function GoTo(props: {
  /** What kind of place, such as "room". */
  readonly what: string;
  readonly pattern: string;
  /** What a name may be, in words. */
  readonly rule: string;
  readonly go: (name: string) => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <form
      class="open-room"
      aria-label={`Go to another ${props.what}`}
      onSubmit={(event: Event) => {
        event.preventDefault();
        if (field.current === null) return;
        props.go(field.current.value);
        field.current.value = "";
      }}
    >
      <input
        class="field"
        ref={field}
        required
        pattern={props.pattern}
        title={props.rule}
        placeholder={`Another ${props.what}`}
        aria-label={`Name of another ${props.what}`}
        autocapitalize="none"
        autocomplete="off"
      />
      <button type="submit" class="button">
        Go
      </button>
    </form>
  );
}
