import { useLayoutEffect, useRef, useState } from "hono/jsx/dom";
import { Icon, type IconName } from "../../components/icon.tsx";
import { EMOJI } from "../emoji.ts";

/** What can be done with a message. */
export interface MessageActionsProps {
  /** Whether one may react and reply. */
  readonly mayWrite: boolean;
  readonly mayEdit: boolean;
  readonly mayDelete: boolean;
  readonly reply: () => void;
  readonly edit: () => void;
  readonly remove: () => void;
  readonly react: (emoji: string) => void;
}

/** The buttons beside the message one is at; the reactions unfold in their place. */
export function MessageActions(props: MessageActionsProps) {
  const [isPicking, setPicking] = useState(false);
  return isPicking ? (
    <EmojiPicker react={props.react} close={() => setPicking(false)} />
  ) : (
    <div class="actions" role="toolbar" aria-label="Message actions" aria-live="off">
      {props.mayWrite && <Action name="React" icon="smile" run={() => setPicking(true)} />}
      {props.mayWrite && <Action name="Reply" icon="reply" run={props.reply} />}
      {props.mayEdit && <Action name="Edit" icon="edit" run={props.edit} />}
      {props.mayDelete && <Action name="Delete" icon="trash" run={props.remove} />}
    </div>
  );
}

function Action(props: {
  readonly name: string;
  readonly icon: IconName;
  readonly run: () => void;
}) {
  return (
    <button
      type="button"
      class="action"
      aria-label={props.name}
      title={props.name}
      onClick={props.run}
    >
      <Icon name={props.icon} />
    </button>
  );
}

function EmojiPicker(props: {
  readonly react: (emoji: string) => void;
  readonly close: () => void;
}) {
  const picker = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => picker.current?.querySelector("button")?.focus(), []);
  return (
    <div
      class="actions"
      role="toolbar"
      aria-label="Choose a reaction"
      aria-live="off"
      ref={picker}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          picker.current?.closest<HTMLElement>(".line")?.focus();
          props.close();
        } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
          event.preventDefault();
          step(picker.current, event.key === "ArrowRight" ? 1 : -1);
        }
      }}
    >
      {EMOJI.map(([emoji, name]) => (
        <button
          key={emoji}
          type="button"
          class="action emoji"
          aria-label={name}
          title={name}
          onClick={() => {
            picker.current?.closest<HTMLElement>(".line")?.focus();
            props.react(emoji);
            props.close();
          }}
        >
          {emoji}
        </button>
      ))}
    </div>
  );
}

function step(toolbar: HTMLElement | null, by: number): void {
  const buttons = [...(toolbar?.querySelectorAll("button") ?? [])];
  const at = buttons.findIndex((button) => button.matches(":focus"));
  buttons.at((at + by) % buttons.length)?.focus();
}
