import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import type { Inbox, Message } from "../../../client/index.ts";
import { ClosedNotice } from "../../components/closed-notice.tsx";
import { NewGuestNotice } from "../../components/new-guest-notice.tsx";
import { RefusalNotice } from "../../components/refusal-notice.tsx";
import { useDrawer } from "../../components/use-drawer.ts";
import { useSessionState } from "../../components/use-session-state.ts";
import type { Problem } from "../../connection/connection.ts";
import { refusalOf } from "../../connection/from-sdk.ts";
import { closedWords } from "../../connection/words.ts";
import { device } from "../../identity/storage.ts";
import { tailsOf } from "../../people/namesakes.ts";
import { rememberSeen } from "../last-seen.ts";
import type { Place } from "../room-path.ts";
import type { ChatSession } from "../session.ts";
import { isDeleted } from "../state/entry.ts";
import { mentionable } from "../state/people.ts";
import { unreadCount } from "../state/receipts.ts";
import type { ChatState } from "../state/state.ts";
import { Composer } from "./composer.tsx";
import { ConfirmDelete } from "./confirm-delete.tsx";
import { MessageLog } from "./message-log.tsx";
import { ProblemNotice } from "./problem-notice.tsx";
import { ReadOnlyNotice } from "./read-only-notice.tsx";
import { RoomHeader } from "./room-header.tsx";
import { Sidebar, type SidebarProps } from "./sidebar.tsx";
import { Typing } from "./typing.tsx";

/** What a room is shown with. */
export interface RoomViewProps
  extends Pick<SidebarProps, "rooms" | "myName" | "unread" | "enter" | "signOut"> {
  readonly session: ChatSession;
  readonly inbox: Inbox;
  /** What the address names, a new object each time one goes there. */
  readonly place: Place;
  readonly enterAgain: () => void;
  /** Puts away what tells a guest that the server has made a new one of them; while it is told. */
  readonly dismissNewGuest: (() => void) | undefined;
  /** Why a guest cannot be let in again, while that is so. */
  readonly entryProblem: Problem | undefined;
}

/** One room: beside it the others, in it the conversation, below it the place to write. */
export function RoomView(props: RoomViewProps) {
  const { session } = props;
  const state = useSessionState(session);
  const drawer = useDrawer("sidebar");
  const [replyingTo, setReplyingTo] = useState<Message>();
  const [editing, setEditing] = useState<number>();
  const [deleting, setDeleting] = useState<Message>();
  const mayCompose = state.connection.state !== "closed" && state.rights.mayWrite;
  const tails = useMemo(() => tailsOf(state.names), [state.names]);
  const refusal = refusalOf(state.connection, props.entryProblem);
  useTitle(state);
  useSeen(state);
  useLeaveWarning(state);

  const actions = useMemo(
    () => ({
      reply: setReplyingTo,
      edit: (seq: number | undefined) => {
        setEditing(seq);
        if (seq === undefined) focusComposer();
      },
      save: (seq: number, content: string) => {
        session.edit(seq, content);
        setEditing(undefined);
        focusComposer();
      },
      remove: setDeleting,
      react: (seq: number, emoji: string, isMine: boolean) =>
        session.toggleReaction(seq, emoji, isMine),
      retry: (messageId: string) => session.retry(messageId),
      discard: (messageId: string) => session.discard(messageId),
    }),
    [session],
  );

  return (
    <div class="shell">
      {mayCompose && (
        <a class="skip" href="#composer">
          Skip to the message field
        </a>
      )}
      <Sidebar
        {...props}
        room={state.roomId}
        me={state.me}
        users={state.users}
        tails={tails}
        isOpen={drawer.isOpen}
        close={drawer.close}
      />
      {drawer.isOpen && <div class="veil" onPointerDown={drawer.close} />}
      <main class="room" inert={drawer.isOpen}>
        <RoomHeader
          state={state}
          inbox={props.inbox}
          isMenuOpen={drawer.isOpen}
          openMenu={drawer.open}
          enter={props.enter}
        />
        <MessageLog
          session={session}
          state={state}
          place={props.place}
          editing={editing}
          actions={actions}
        />
        <div class="foot">
          <Typing typists={state.typists} tails={tails} />
          {props.dismissNewGuest !== undefined && (
            <NewGuestNotice name={props.myName} dismiss={props.dismissNewGuest} />
          )}
          {refusal !== undefined && <RefusalNotice problem={refusal} signInAgain={props.signOut} />}
          {state.problem !== undefined && state.connection.state !== "closed" && (
            <ProblemNotice problem={state.problem} dismiss={() => session.dismissProblem()} />
          )}
          {state.connection.state === "closed" && (
            <ClosedNotice
              words={closedWords(state.connection.problem, location.origin)}
              againWords="Enter again"
              again={props.enterAgain}
              signInAgain={props.signOut}
            />
          )}
          {mayCompose && (
            <Composer
              session={session}
              room={state.roomId}
              people={mentionable(state)}
              tails={tails}
              limit={state.contentChars}
              replyingTo={replyingTo}
              endReply={() => setReplyingTo(undefined)}
              editLast={() => setEditing(lastOwn(state))}
            />
          )}
          {!mayCompose && state.connection.state !== "closed" && (
            <ReadOnlyNotice signInAgain={props.signOut} />
          )}
        </div>
      </main>
      {deleting !== undefined && (
        <ConfirmDelete
          key={deleting.seq}
          message={deleting}
          confirm={() => session.delete(deleting.seq)}
          close={() => {
            setDeleting(undefined);
            focusLine(deleting.seq);
          }}
        />
      )}
    </div>
  );
}

function focusComposer(): void {
  document.getElementById("composer")?.focus();
}

/** Its buttons were put away meanwhile; the line itself stays, deleted or not. */
function focusLine(seq: number): void {
  document.querySelector<HTMLElement>(`.line[data-seq="${seq}"]`)?.focus();
}

function lastOwn({ entries, me }: ChatState): number | undefined {
  const own = entries.flatMap((one) => (!isDeleted(one) && one.userId === me ? [one.seq] : []));
  return own.at(-1);
}

/** How far one has read is kept, for what is new here to be told from within other rooms. */
function useSeen({ roomId, me, epoch, reads }: ChatState): void {
  const seq = reads.get(me);
  useLayoutEffect(() => {
    if (seq !== undefined) rememberSeen(device, me, roomId, { epoch, seq });
  }, [roomId, me, epoch, seq]);
}

/** The tab tells the room, and how much is new in it. */
function useTitle({ roomId, entries, reads, me }: ChatState): void {
  const unread = unreadCount(entries, reads, me);
  useLayoutEffect(() => {
    document.title = `${unread === 0 ? "" : `(${unread}) `}#${roomId} · Hibiki`;
  }, [roomId, unread]);
}

/** What has not been sent is only in this tab. */
function useLeaveWarning({ outgoing }: ChatState): void {
  const isWaiting = outgoing.some(({ delivery }) => delivery.state === "waiting");
  useLayoutEffect(() => {
    if (!isWaiting) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [isWaiting]);
}
