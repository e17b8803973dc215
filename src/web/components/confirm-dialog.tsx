import { useId, useLayoutEffect, useRef } from "hono/jsx/dom";

/** Asks before something is done that others see, or that is gone for good. The focus begins on the way out. */
export function ConfirmDialog(props: {
  readonly title: string;
  readonly children: unknown;
  readonly confirmWords: string;
  /** Words of the way out. */
  readonly keepWords?: string;
  readonly confirm: () => void;
  readonly close: () => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog class="dialog" ref={dialog} aria-labelledby={title} onClose={props.close}>
      <h2 id={title}>{props.title}</h2>
      {props.children}
      <div class="buttons">
        <button type="button" class="button" onClick={() => dialog.current?.close()}>
          {props.keepWords ?? "Cancel"}
        </button>
        <button
          type="button"
          class="button danger"
          onClick={() => {
            props.confirm();
            dialog.current?.close();
          }}
        >
          {props.confirmWords}
        </button>
      </div>
    </dialog>
  );
}
