import type { User } from "../../../client/index.ts";
import { Drawer } from "../../components/drawer.tsx";
import { Avatar } from "../../people/avatar.tsx";
import type { Tails } from "../../people/namesakes.ts";
import { shownName } from "../../people/shown-name.ts";
import { pathOfRoom } from "../room-path.ts";
import { type Unread, unreadWords } from "../unread.ts";
import { OpenRoom } from "./open-room.tsx";

/** What the sidebar shows and leads to. */
export interface SidebarProps {
  readonly room: string;
  readonly rooms: readonly string[];
  readonly me: string;
  readonly myName: string;
  readonly users: readonly User[];
  readonly tails: Tails;
  /** New messages in rooms that one is not in now. */
  readonly unread: ReadonlyMap<string, Unread>;
  readonly isOpen: boolean;
  readonly close: () => void;
  readonly enter: (room: string, seq?: number) => void;
  readonly signOut: () => void;
}

/** Rooms, the people here, and oneself. On a narrow page it is folded away. */
export function Sidebar(props: SidebarProps) {
  return (
    <Drawer
      words="Rooms and people"
      current="/"
      myName={props.myName}
      isOpen={props.isOpen}
      close={props.close}
      signOut={props.signOut}
    >
      <nav aria-label="Rooms">
        <h2>Rooms</h2>
        <ul class="rooms">
          {props.rooms.map((room) => (
            <li key={room}>
              <a
                href={pathOfRoom(room)}
                aria-current={room === props.room ? "page" : undefined}
                onClick={(event: MouseEvent) => {
                  // A new tab stays the browser's business.
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                  event.preventDefault();
                  props.enter(room);
                }}
              >
                <span class="hash" aria-hidden="true">
                  #
                </span>
                <bdi class="room-name">{room}</bdi>
                {room !== props.room && <UnreadMark of={props.unread.get(room)} />}
              </a>
            </li>
          ))}
        </ul>
        <OpenRoom enter={props.enter} />
      </nav>
      <section class="people" aria-label="People here">
        <h2>Here now</h2>
        <ul>
          {inOrder(props.users, props.me).map((user) => (
            <li key={user.userId}>
              <Avatar name={user.name} tail={props.tails.get(user.userId)} />
              <span class="name" dir="auto" title={shownName(user.name)}>
                {shownName(user.name)}
              </span>
              {props.tails.has(user.userId) && (
                <small class="tail">·{props.tails.get(user.userId)}</small>
              )}
              {user.userId === props.me && <span class="you">you</span>}
            </li>
          ))}
        </ul>
      </section>
    </Drawer>
  );
}

function UnreadMark({ of }: { readonly of: Unread | undefined }) {
  if (of === undefined) return null;
  return (
    <>
      <span class="unread-mark" aria-hidden="true">
        {unreadWords(of)}
      </span>
      <span class="visually-hidden">{of.count === 0 ? "unread" : `${unreadWords(of)} unread`}</span>
    </>
  );
}

function inOrder(users: readonly User[], me: string): readonly User[] {
  return [...users].sort(
    (a, b) => Number(b.userId === me) - Number(a.userId === me) || a.name.localeCompare(b.name),
  );
}
