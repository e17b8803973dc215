import { memo, useRef, useState } from "hono/jsx/dom";
import type { Message } from "../../../client/index.ts";
import { dayName, fullMoment } from "../../people/moment.ts";
import type { Row } from "../state/rows.ts";
import type { Rights } from "../state/state.ts";
import { dataWords } from "../text/data.ts";
import { Byline } from "./byline.tsx";
import { Delivery } from "./delivery.tsx";
import type { LineActions } from "./line-actions.ts";
import { MessageActions } from "./message-actions.tsx";
import { MessageEditor } from "./message-editor.tsx";
import { MessageText } from "./message-text.tsx";
import { Quote } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";
import { isSameLine } from "./same-line.ts";
import { SeenBy } from "./seen-by.tsx";

/** What one line of the log is made of. */
export interface LineProps {
  readonly row: Row;
  readonly me: string;
  readonly rights: Rights;
  readonly names: ReadonlyMap<string, string>;
  readonly isEditing: boolean;
  readonly contentChars: number;
  readonly actions: LineActions;
}

/** One line of the log. It stays the same element from its writing to its deletion. */
export const Line = memo(LineOf, isSameLine);

function LineOf({ row, ...props }: LineProps) {
  const [isActive, setActive] = useState(false);
  const item = useRef<HTMLLIElement>(null);
  const leave = () => setActive(item.current?.contains(document.activeElement) ?? false);
  return (
    <li
      class={classOf(row, props)}
      data-seq={seqOf(row)}
      tabIndex={-1}
      ref={item}
      onMouseEnter={() => setActive(true)}
      onMouseLeave={leave}
      onFocusIn={() => setActive(true)}
      onFocusOut={(event: FocusEvent) => {
        const next = event.relatedTarget;
        if (!(next instanceof Node && item.current?.contains(next))) {
          setActive(item.current?.matches(":hover") ?? false);
        }
      }}
    >
      {row.day !== undefined && (
        <p class="day">
          <span>{dayName(row.day, new Date())}</span>
        </p>
      )}
      {row.isFirstNew && (
        <p class="day first-new">
          <span>New</span>
        </p>
      )}
      <div class="message">
        <Byline row={row} />
        {isActive && !props.isEditing && row.kind === "message" && (
          <ActionsOf
            message={row.message}
            me={props.me}
            rights={props.rights}
            actions={props.actions}
          />
        )}
        <div class="said">
          <Said row={row} {...props} />
          {row.kind === "outgoing" && <Delivery message={row.message} actions={props.actions} />}
          {row.kind === "message" && row.message.reactions !== undefined && (
            <Reactions
              reactions={row.message.reactions}
              me={props.me}
              names={props.names}
              mayToggle={props.rights.mayWrite}
              toggle={(emoji, isMine) => props.actions.react(row.message.seq, emoji, isMine)}
            />
          )}
          {row.kind !== "outgoing" && <SeenBy seen={row.seen} />}
        </div>
      </div>
    </li>
  );
}

function Said({ row, ...props }: LineProps) {
  if (row.kind === "deleted") return <p class="deleted">Message deleted</p>;
  const { content, mentions } = row.message;
  if (row.kind === "message" && props.isEditing) {
    const { seq } = row.message;
    return (
      <MessageEditor
        content={content}
        limit={props.contentChars}
        save={(text) => props.actions.save(seq, text)}
        cancel={() => props.actions.edit(undefined)}
      />
    );
  }
  return (
    <>
      {row.quoted !== undefined && <Quote quoted={row.quoted} jump={props.actions.jump} />}
      {row.kind === "message" && content === "" ? (
        <DataText data={row.message.data} />
      ) : (
        <MessageText text={content} mentions={mentions} names={props.names} />
      )}
      {row.kind === "message" && <Note row={row} />}
    </>
  );
}

/** A vote or a stroke says nothing in words: this page knows no other way to show it. */
function DataText({ data }: { readonly data: Message["data"] }) {
  return (
    <div class="text">
      <pre dir="ltr">
        <code>{data === undefined ? "" : dataWords(data)}</code>
      </pre>
    </div>
  );
}

function Note({ row }: { readonly row: Extract<Row, { readonly kind: "message" }> }) {
  if (row.change !== undefined) {
    return <p class="note">{row.change === "edit" ? "Saving the edit…" : "Deleting…"}</p>;
  }
  const { editedAt } = row.message;
  if (editedAt === undefined) return null;
  return (
    <p class="note" title={fullMoment(editedAt)}>
      edited
    </p>
  );
}

function ActionsOf(props: {
  readonly message: Message;
  readonly me: string;
  readonly rights: Rights;
  readonly actions: LineActions;
}) {
  const { message, me, actions } = props;
  const { mayWrite, mayModerate } = props.rights;
  const isMine = message.userId === me;
  if (!mayWrite && !mayModerate) return null;
  return (
    <MessageActions
      mayWrite={mayWrite}
      mayEdit={isMine}
      mayDelete={isMine || mayModerate}
      reply={() => actions.reply(message)}
      edit={() => actions.edit(message.seq)}
      remove={() => actions.remove(message)}
      react={(emoji) => {
        const isOn = message.reactions?.[emoji]?.includes(me) ?? false;
        actions.react(message.seq, emoji, isOn);
      }}
    />
  );
}

function seqOf(row: Row): number | undefined {
  if (row.kind === "outgoing") return undefined;
  return row.kind === "deleted" ? row.entry.seq : row.message.seq;
}

function classOf(row: Row, { me }: Pick<LineProps, "me">): string {
  const names = ["line"];
  if (row.continues) names.push("continues");
  if (row.isFirstNew) names.push("new");
  if (row.kind === "outgoing" && row.message.delivery.state !== "sent") names.push("pending");
  if (row.kind === "message" && row.message.mentions?.includes(me)) names.push("to-me");
  return names.join(" ");
}
