import { useRef } from "hono/jsx/dom";
import { NOT_FOR_CHAT, ROOM_PATTERN } from "../room-path.ts";

/** Goes to a room by name. A room comes to be when someone enters it. */
export function OpenRoom({ enter }: { readonly enter: (room: string) => void }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <form
      class="open-room"
      aria-label="Go to another room"
      onSubmit={(event: Event) => {
        event.preventDefault();
        if (field.current === null) return;
        enter(field.current.value);
        field.current.value = "";
      }}
    >
      <input
        class="field"
        ref={field}
        required
        pattern={ROOM_PATTERN}
        title={`Letters, digits, and . _ ~ : - but not ${NOT_FOR_CHAT} in front`}
        placeholder="Another room"
        aria-label="Name of another room"
        autocapitalize="none"
        autocomplete="off"
      />
      <button type="submit" class="button">
        Go
      </button>
    </form>
  );
}
