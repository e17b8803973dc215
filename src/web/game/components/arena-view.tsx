import { useLayoutEffect, useState } from "hono/jsx/dom";
import { ClosedNotice } from "../../components/closed-notice.tsx";
import { RefusalNotice } from "../../components/refusal-notice.tsx";
import { useDrawer } from "../../components/use-drawer.ts";
import { useSessionState } from "../../components/use-session-state.ts";
import type { Problem } from "../../connection/connection.ts";
import { refusalOf } from "../../connection/from-sdk.ts";
import { closedWords } from "../../connection/words.ts";
import type { Identity } from "../../identity/identity.ts";
import type { LongLine } from "../latency/long-line.ts";
import type { ArenaSession } from "../session.ts";
import { Announcements } from "./announcements.tsx";
import { ArenaHeader } from "./arena-header.tsx";
import { Field } from "./field.tsx";
import { LineSwitches } from "./line-switches.tsx";
import { ScoreTable } from "./score-table.tsx";
import { Sidebar } from "./sidebar.tsx";
import { useCrowd } from "./use-crowd.ts";
import { WatchingNotice } from "./watching-notice.tsx";

/** One arena: beside it the others, in it the field, the scores, and how one is connected to it. */
export function ArenaView(props: {
  readonly session: ArenaSession;
  readonly line: LongLine;
  readonly name: string;
  readonly names: readonly string[];
  readonly identity: Identity;
  /** The address says that one only watches. */
  readonly watches: boolean;
  /** Why a guest cannot be let in again, while that is so. */
  readonly entryProblem: Problem | undefined;
  readonly enterAgain: () => void;
  readonly signOut: () => void;
}) {
  const { session, name, watches, signOut } = props;
  const state = useSessionState(session);
  const { standings, watchers } = useCrowd(session);
  const drawer = useDrawer("sidebar");
  const [framesPerSecond, setFramesPerSecond] = useState<number>();
  const { connection, part } = state;
  const plays = part.does === "play";
  const refusal = refusalOf(connection, props.entryProblem);
  useLayoutEffect(() => {
    document.title = `${name} · Hibiki`;
  }, [name]);

  return (
    <div class="shell">
      <a class="skip" href="#arena">
        Skip to the arena
      </a>
      <Sidebar
        name={name}
        names={props.names}
        myName={props.identity.name}
        isOpen={drawer.isOpen}
        close={drawer.close}
        signOut={signOut}
      />
      {drawer.isOpen && <div class="veil" onPointerDown={drawer.close} />}
      <main class="room game" inert={drawer.isOpen}>
        <ArenaHeader
          name={name}
          connection={connection}
          watches={watches}
          isMenuOpen={drawer.isOpen}
          openMenu={drawer.open}
        />
        <div class="stage">
          <Field
            session={session}
            plays={plays}
            standings={standings}
            showRate={setFramesPerSecond}
          />
          <div class="panel">
            {refusal !== undefined && <RefusalNotice problem={refusal} signInAgain={signOut} />}
            {connection.state === "closed" && (
              <ClosedNotice
                words={closedWords(connection.problem, location.origin)}
                againWords="Enter again"
                again={props.enterAgain}
                signInAgain={signOut}
              />
            )}
            <WatchingNotice state={state} watches={watches} name={name} signOut={signOut} />
            {plays && (
              <p class="how-to" id="how-to">
                Collect the coins: by the arrow keys or W, A, S, D while the arena has the focus, by
                a finger on it, or by a gamepad.
              </p>
            )}
            <ScoreTable
              standings={standings}
              watchers={watchers}
              myId={plays ? part.playerId : undefined}
            />
            <LineSwitches session={session} line={props.line} plays={plays} />
            {framesPerSecond !== undefined && (
              <p class="rate">{framesPerSecond} frames a second drawn</p>
            )}
          </div>
        </div>
      </main>
      <Announcements standings={standings} />
    </div>
  );
}
