import type { Message } from "../../../client/index.ts";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";

/** Asks before a message is deleted, because that cannot be undone. */
export function ConfirmDelete(props: {
  readonly message: Message;
  readonly confirm: () => void;
  readonly close: () => void;
}) {
  return (
    <ConfirmDialog
      title="Delete this message?"
      confirmWords="Delete"
      keepWords="Keep"
      confirm={props.confirm}
      close={props.close}
    >
      <p class="quote-text" dir="auto">
        {props.message.content}
      </p>
      <p>It is gone for everyone, and cannot be brought back.</p>
    </ConfirmDialog>
  );
}
