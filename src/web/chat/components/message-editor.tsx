import { useId, useLayoutEffect, useRef, useState } from "hono/jsx/dom";
import { isComposing } from "../../input/composition.ts";
import { LengthHint } from "./length-hint.tsx";

/** A message's text, open to be changed. */
export function MessageEditor(props: {
  readonly content: string;
  readonly limit: number;
  readonly save: (content: string) => void;
  readonly cancel: () => void;
}) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [length, setLength] = useState(props.content.length);
  const hint = useId();
  useLayoutEffect(() => {
    const text = field.current;
    if (text === null) return;
    text.value = props.content;
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  }, []);

  const save = () => {
    const content = field.current?.value.trim() ?? "";
    if (content.length > props.limit) return;
    if (content === "" || content === props.content) props.cancel();
    else props.save(content);
  };

  return (
    <form
      class="editor"
      aria-label="Edit this message"
      aria-live="off"
      onSubmit={(event: Event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (isComposing(event)) return;
        if (event.key === "Escape") {
          event.stopPropagation();
          props.cancel();
        } else if (event.key === "Enter" && !event.shiftKey && event.target === field.current) {
          event.preventDefault();
          save();
        }
      }}
    >
      <textarea
        class="field"
        ref={field}
        rows={2}
        dir="auto"
        aria-label="Edit message"
        aria-describedby={hint}
        aria-invalid={String(length > props.limit)}
        onInput={() => setLength(field.current?.value.trim().length ?? 0)}
      />
      <LengthHint id={hint} length={length} limit={props.limit} />
      <div class="buttons">
        <button type="submit" class="button primary">
          Save
        </button>
        <button type="button" class="button" onClick={props.cancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
