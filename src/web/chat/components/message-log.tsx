import { useId, useLayoutEffect, useMemo, useRef, useState } from "hono/jsx/dom";
import { Icon } from "../../components/icon.tsx";
import { LogScroll } from "../log-scroll.ts";
import type { Place } from "../room-path.ts";
import type { ChatSession } from "../session.ts";
import { unreadCount } from "../state/receipts.ts";
import { rows } from "../state/rows.ts";
import type { ChatState } from "../state/state.ts";
import { Line } from "./line.tsx";
import type { LineActions } from "./line-actions.ts";
import { stepThroughLines } from "./line-keys.ts";
import { useQuiet } from "./use-quiet.ts";

/** The conversation: lines to read, older ones above on demand, and the way back to the end. */
export function MessageLog(props: {
  readonly session: ChatSession;
  readonly state: ChatState;
  /** What the address names, a new object each time one goes there. */
  readonly place: Place;
  readonly editing: number | undefined;
  readonly actions: Omit<LineActions, "jump">;
}) {
  const { session, state } = props;
  const log = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const scroll = useRef<LogScroll>(null);
  const [isPinned, setPinned] = useState(true);
  const isLoading = state.older.state === "loading";
  const isQuiet = useQuiet(isLoading || state.me === "");
  const help = useId();

  useLayoutEffect(() => {
    if (log.current === null || list.current === null) return;
    const placed = new LogScroll(log.current, list.current, {
      pinned: setPinned,
      top: () => void session.loadOlder(),
      seen: (seq) => session.read(seq),
    });
    scroll.current = placed;
    return () => placed.disconnect();
  }, [session]);

  const written = useRef(0);
  const isPlaced = useRef(false);
  useLayoutEffect(() => {
    if (!isPlaced.current && state.me !== "") {
      isPlaced.current = true;
      // An address that names a message is where one wants to be.
      if (props.place.seq === undefined) scroll.current?.begin(".line.new");
    }
    // What one has just written is what one wants to see.
    if (state.outgoing.length > written.current) scroll.current?.pin();
    else scroll.current?.settle();
    written.current = state.outgoing.length;
  }, [state, props.editing]);

  const newest = state.entries.at(-1)?.seq;
  useLayoutEffect(() => {
    // Only as news come in at the end: whoever reads further up keeps what is there.
    if (isPinned) session.trim();
  }, [newest]);

  const actions = useMemo(
    () => ({
      ...props.actions,
      jump: async (seq: number) => {
        await session.loadUntil(seq);
        requestAnimationFrame(() => scroll.current?.reveal(seq));
      },
    }),
    [props.actions, session],
  );

  const isJoined = state.me !== "";
  useLayoutEffect(() => {
    const { seq } = props.place;
    if (isJoined && seq !== undefined) void actions.jump(seq);
  }, [props.place, isJoined]);

  return (
    <div class="log-frame">
      <div
        class="log"
        role="log"
        aria-label="Messages"
        aria-describedby={help}
        aria-live={isQuiet ? "off" : "polite"}
        aria-relevant="additions text"
        aria-busy={String(isQuiet)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        ref={log}
        onKeyDown={(event: KeyboardEvent) => stepThroughLines(event, list.current)}
      >
        <p class="visually-hidden" id={help}>
          Arrow keys move between messages; Tab then reaches what can be done with one.
        </p>
        <Beginning state={state} load={() => void session.loadOlder()} />
        <ol class="lines" ref={list}>
          {rows(state).map((row) => (
            <Line
              key={row.key}
              row={row}
              me={state.me}
              rights={state.rights}
              names={state.names}
              isEditing={row.kind === "message" && row.message.seq === props.editing}
              contentChars={state.contentChars}
              actions={actions}
            />
          ))}
        </ol>
      </div>
      {!isPinned && (
        <button type="button" class="latest" onClick={() => scroll.current?.pin()}>
          {newWords(unreadCount(state.entries, state.reads, state.me))} <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function Beginning({ state, load }: { readonly state: ChatState; readonly load: () => void }) {
  if (state.me === "") return <p class="beginning">Opening the room…</p>;
  if (state.older.state === "complete") {
    return (
      <p class="beginning">
        {state.entries.length === 0
          ? "It is quiet here. Say the first word, or send somebody the link."
          : "Where it began"}
      </p>
    );
  }
  const isLoading = state.older.state === "loading";
  return (
    <p class="beginning">
      <button type="button" class="button" aria-disabled={String(isLoading)} onClick={load}>
        {isLoading ? "Loading…" : "Show older messages"}
      </button>
    </p>
  );
}

function newWords(count: number): string {
  if (count === 0) return "Latest messages";
  return count === 1 ? "1 new message" : `${count} new messages`;
}
