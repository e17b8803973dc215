import { useId, useLayoutEffect, useRef } from "hono/jsx/dom";
import type { Message } from "../../../client/index.ts";

/** Asks before a message is deleted, because that cannot be undone. The focus begins on the way out. */
export function ConfirmDelete(props: {
  readonly message: Message;
  readonly confirm: () => void;
  readonly close: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby={title} onClose={props.close}>
      <h2 id={title}>Delete this message?</h2>
      <p class="quote-text" dir="auto">
        {props.message.content}
      </p>
      <p>It is gone for everyone, and cannot be brought back.</p>
      <div class="buttons">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          Keep
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            props.confirm();
            dialog.current?.close();
          }}
        >
          Delete
        </button>
      </div>
    </dialog>
  );
}
