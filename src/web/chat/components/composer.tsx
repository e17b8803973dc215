import { useId, useLayoutEffect, useRef, useState } from "hono/jsx/dom";
import type { Message } from "../../../client/index.ts";
import { isBlank } from "../../../protocol/blank-text.ts";
import { Icon } from "../../components/icon.tsx";
import { tab } from "../../identity/storage.ts";
import { isComposing } from "../../input/composition.ts";
import type { Tails } from "../../people/namesakes.ts";
import { loadDraft, saveDraft } from "../draft.ts";
import type { ChatSession } from "../session.ts";
import {
  completeMention,
  type Mentionable,
  type MentionQuery,
  mentionedIds,
  mentionQuery,
  suggest,
} from "../text/mention.ts";
import { LengthHint } from "./length-hint.tsx";
import { MentionList, mentionOptionId } from "./mention-list.tsx";
import { ReplyBanner } from "./reply-banner.tsx";

/** What the composer needs. */
export interface ComposerProps {
  readonly session: ChatSession;
  readonly room: string;
  /** Who can be mentioned. */
  readonly people: readonly Mentionable[];
  readonly tails: Tails;
  readonly limit: number;
  readonly replyingTo: Message | undefined;
  readonly endReply: () => void;
  /** Opens one's last message for editing. */
  readonly editLast: () => void;
}

interface Suggestions {
  readonly query: MentionQuery;
  readonly people: readonly Mentionable[];
  readonly chosen: number;
}

function suggestionsFor(
  { query, chosen }: Pick<Suggestions, "query" | "chosen">,
  all: readonly Mentionable[],
): Suggestions | undefined {
  const people = suggest(query, all);
  if (people.length === 0) return undefined;
  return { query, people, chosen: Math.min(chosen, people.length - 1) };
}

/** Where messages are written. The field keeps its own text: writing to it would break input methods. */
export function Composer(props: ComposerProps) {
  const { session, room, limit, replyingTo } = props;
  const field = useRef<HTMLTextAreaElement>(null);
  const picked = useRef<readonly Mentionable[]>([]);
  const [length, setLength] = useState(0);
  const [asked, setAsked] = useState<Pick<Suggestions, "query" | "chosen">>();
  // Made anew each time: someone may come or go while one types.
  const suggestions = asked && suggestionsFor(asked, props.people);
  const hintId = useId();
  const listId = useId();

  useLayoutEffect(() => {
    write(loadDraft(tab, room));
    // The first layout effects run before the page has its elements: what is not there has no focus.
    queueMicrotask(() => field.current?.focus());
  }, [room]);
  useLayoutEffect(() => {
    if (replyingTo !== undefined) field.current?.focus();
  }, [replyingTo]);

  const text = () => field.current?.value ?? "";
  const write = (content: string, caret = content.length) => {
    if (field.current !== null) field.current.value = content;
    field.current?.setSelectionRange(caret, caret);
    noticed();
  };
  const noticed = () => {
    setLength(text().trim().length);
    saveDraft(tab, room, text());
    const query = mentionQuery(text(), field.current?.selectionStart ?? 0);
    setAsked(query && { query, chosen: 0 });
  };
  const send = () => {
    const content = text().trim();
    if (isBlank(content) || content.length > limit) return;
    const mentions = mentionedIds(content, props.people, picked.current);
    session.send(content, {
      ...(mentions.length === 0 ? {} : { mentions }),
      ...(replyingTo === undefined ? {} : { replyTo: replyingTo.seq }),
    });
    picked.current = [];
    write("");
    props.endReply();
  };
  const pick = ({ query }: Suggestions, user: Mentionable) => {
    picked.current = [...picked.current, user];
    const completed = completeMention(text(), query, user);
    write(completed.text, completed.caret);
  };

  const keyWhileSuggesting = (event: KeyboardEvent, open: Suggestions): boolean => {
    const count = open.people.length;
    switch (event.key) {
      case "ArrowDown":
        setAsked({ query: open.query, chosen: (open.chosen + 1) % count });
        return true;
      case "ArrowUp":
        setAsked({ query: open.query, chosen: (open.chosen + count - 1) % count });
        return true;
      case "Escape":
        setAsked(undefined);
        return true;
      case "Enter":
      case "Tab": {
        const user = event.shiftKey ? undefined : open.people[open.chosen];
        if (user !== undefined) pick(open, user);
        return user !== undefined;
      }
      default:
        return false;
    }
  };
  const key = (event: KeyboardEvent): boolean => {
    if (isComposing(event)) return false;
    if (suggestions !== undefined && keyWhileSuggesting(event, suggestions)) return true;
    if (event.key === "Enter" && !event.shiftKey) {
      send();
      return true;
    }
    if (event.key === "Escape" && replyingTo !== undefined) {
      props.endReply();
      return true;
    }
    if (event.key === "ArrowUp" && text() === "") {
      props.editLast();
      return true;
    }
    return false;
  };

  return (
    <form
      class="composer"
      aria-label="Write a message"
      onSubmit={(event: Event) => {
        event.preventDefault();
        send();
        field.current?.focus();
      }}
    >
      {replyingTo !== undefined && <ReplyBanner message={replyingTo} end={props.endReply} />}
      {suggestions !== undefined && (
        <MentionList
          id={listId}
          people={suggestions.people}
          tails={props.tails}
          chosen={suggestions.chosen}
          pick={(user) => pick(suggestions, user)}
        />
      )}
      <div class="composer-row">
        <textarea
          class="field"
          id="composer"
          ref={field}
          rows={1}
          dir="auto"
          placeholder={`Message #${room}`}
          aria-label={`Message #${room}`}
          aria-describedby={hintId}
          aria-invalid={String(length > limit)}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={suggestions === undefined ? undefined : listId}
          aria-activedescendant={
            suggestions === undefined ? undefined : mentionOptionId(listId, suggestions.chosen)
          }
          onKeyDown={(event: KeyboardEvent) => {
            if (key(event)) event.preventDefault();
          }}
          onInput={() => {
            noticed();
            session.typing(text().trim() !== "");
          }}
          onBlur={() => {
            session.typing(false);
            setAsked(undefined);
          }}
        />
        <button type="submit" class="send" aria-label="Send" title="Send">
          <Icon name="send" />
        </button>
      </div>
      <LengthHint id={hintId} length={length} limit={limit} />
    </form>
  );
}
