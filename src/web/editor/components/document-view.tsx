import { useLayoutEffect, useRef, useState } from "hono/jsx/dom";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { RefusalNotice } from "../../components/refusal-notice.tsx";
import { useDrawer } from "../../components/use-drawer.ts";
import { useOnline } from "../../components/use-online.ts";
import { useSessionState } from "../../components/use-session-state.ts";
import type { Problem } from "../../connection/connection.ts";
import { refusalOf } from "../../connection/from-sdk.ts";
import type { Identity } from "../../identity/identity.ts";
import type { DocumentSession } from "../session.ts";
import { keptWords, placeholderWords, savingWords } from "../text/words.ts";
import type { Surface } from "../writing/surface.ts";
import { Announcements } from "./announcements.tsx";
import { ClosedDocument } from "./closed-document.tsx";
import { DocumentHeader } from "./document-header.tsx";
import { ReadingNotice } from "./reading-notice.tsx";
import { Sidebar } from "./sidebar.tsx";
import { VersionPanel } from "./version-panel.tsx";
import { Writing } from "./writing.tsx";

/** One document: beside it the others and who is here, in it the text, behind it its versions. */
export function DocumentView(props: {
  readonly session: DocumentSession;
  readonly name: string;
  readonly names: readonly string[];
  readonly identity: Identity;
  readonly isReading: boolean;
  readonly mayWrite: boolean;
  /** Why a guest cannot be let in again, while that is so. */
  readonly entryProblem: Problem | undefined;
  readonly openAgain: () => void;
  /** Asks who one is, and forgets nothing. */
  readonly signInAgain: () => void;
  readonly signOut: () => void;
}) {
  const { session, name } = props;
  const state = useSessionState(session);
  const isOnline = useOnline();
  const drawer = useDrawer("sidebar");
  const surface = useRef<Surface>(null);
  const [hasVersions, setVersions] = useState(false);
  const [isLeaving, setLeaving] = useState(false);
  const mayWrite = props.mayWrite && !state.isRefused;
  const isClosed = state.connection.state === "closed";
  const kept = keptWords(state, isOnline);
  const refusal = refusalOf(state.connection, props.entryProblem);
  const signOut = () => (state.isSaved ? props.signOut() : setLeaving(true));
  useLayoutEffect(() => {
    document.title = `${name} · Hibiki`;
  }, [name]);
  useLeaveWarning(!state.isSaved && !state.isKept);

  return (
    <div class="shell">
      <a class="skip" href="#text">
        Skip to the text
      </a>
      <Sidebar
        name={name}
        names={props.names}
        people={state.people}
        myName={props.identity.name}
        isOpen={drawer.isOpen}
        close={drawer.close}
        signOut={signOut}
      />
      {drawer.isOpen && <div class="veil" onPointerDown={drawer.close} />}
      <main
        class={hasVersions ? "room document with-versions" : "room document"}
        inert={drawer.isOpen}
      >
        <DocumentHeader
          name={name}
          connection={state.connection}
          saving={savingWords(state, isOnline)}
          identity={props.identity}
          isMenuOpen={drawer.isOpen}
          openMenu={drawer.open}
          find={() => surface.current?.find()}
          hasVersions={hasVersions}
          toggleVersions={() => setVersions(!hasVersions)}
        />
        <Writing
          session={session}
          name={name}
          surface={surface}
          mayWrite={mayWrite && state.isRead && !isClosed}
          placeholder={placeholderWords(state, mayWrite)}
        />
        <div class="foot">
          {refusal !== undefined && <RefusalNotice problem={refusal} signInAgain={signOut} />}
          {state.connection.state === "closed" && (
            <ClosedDocument
              problem={state.connection.problem}
              isUntaken={!state.isSaved}
              openAgain={props.openAgain}
              discard={() => void session.forget().finally(props.openAgain)}
              signInAgain={state.isKept ? props.signInAgain : signOut}
              signOut={signOut}
            />
          )}
          {mayWrite && kept !== "" && (
            <p class="read-only" role="note">
              {kept}
            </p>
          )}
          {!mayWrite && !isClosed && (
            <ReadingNotice
              name={name}
              isLink={props.isReading}
              isUntaken={!state.isSaved}
              discard={() => void session.forget().finally(() => location.reload())}
              signOut={signOut}
            />
          )}
        </div>
        {hasVersions && (
          <VersionPanel
            shared={session.shared}
            people={state.people}
            mayWrite={mayWrite}
            close={() => {
              setVersions(false);
              document.getElementById("versions-toggle")?.focus();
            }}
          />
        )}
      </main>
      <Announcements state={state} kept={kept} />
      {isLeaving && (
        <ConfirmDialog
          title="Sign out without saving?"
          confirmWords="Sign out"
          confirm={props.signOut}
          close={() => setLeaving(false)}
        >
          <p>
            Some of what you wrote is not on the server yet. When you sign out this device forgets
            it.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}

/** What is nowhere but in this tab would be lost. */
function useLeaveWarning(isNeeded: boolean): void {
  useLayoutEffect(() => {
    if (!isNeeded) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", warn);
    return () => removeEventListener("beforeunload", warn);
  }, [isNeeded]);
}
