import { useState } from "hono/jsx/dom";
import type { Inbox } from "../../../client/index.ts";
import { ConnectionStatus } from "../../components/connection-status.tsx";
import { DrawerButton } from "../../components/drawer.tsx";
import { Icon } from "../../components/icon.tsx";
import { pathOfRoom } from "../room-path.ts";
import { waitingCount } from "../state/outgoing.ts";
import type { ChatState } from "../state/state.ts";
import { presentWords } from "../text/words.ts";
import { Bell } from "./bell.tsx";

/** Which room this is, how it is connected, and its link. */
export function RoomHeader(props: {
  readonly state: ChatState;
  readonly inbox: Inbox;
  readonly isMenuOpen: boolean;
  readonly openMenu: () => void;
  readonly enter: (room: string, seq?: number) => void;
}) {
  const { state } = props;
  return (
    <header class="header">
      <DrawerButton words="Rooms and people" isOpen={props.isMenuOpen} open={props.openMenu} />
      <div class="title">
        <h1>
          <span aria-hidden="true">#</span>
          {state.roomId}
        </h1>
        <ConnectionStatus connection={state.connection} waiting={waitingCount(state.outgoing)} />
      </div>
      {state.users.length > 0 && <p class="present">{presentWords(state.users.length)}</p>}
      <Bell inbox={props.inbox} enter={props.enter} />
      <CopyLink room={state.roomId} />
    </header>
  );
}

function CopyLink({ room }: { readonly room: string }) {
  const [words, setWords] = useState("Copy link");
  const copy = async () => {
    try {
      // Absent, not only forbidden, on pages that are served over plain HTTP.
      await navigator.clipboard.writeText(new URL(pathOfRoom(room), location.href).href);
      setWords("Link copied");
    } catch {
      setWords("Copy it from the address bar");
    }
  };
  return (
    <button
      type="button"
      class="button copy"
      onClick={() => void copy()}
      onBlur={() => setWords("Copy link")}
    >
      <Icon name="link" />
      <span aria-live="polite">{words}</span>
    </button>
  );
}
