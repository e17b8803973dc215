import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import type { Access } from "../../components/use-client.ts";
import { device } from "../../identity/storage.ts";
import { DOCUMENTS } from "../documents.ts";
import { forgetCopies } from "../local-copy.ts";
import { mayWrite } from "../rights.ts";
import { DocumentSession } from "../session.ts";
import { DocumentView } from "./document-view.tsx";

/** One visit to a document; opened again when it was closed. */
export function Editor(props: {
  readonly access: Access;
  readonly name: string;
  readonly isReading: boolean;
  readonly signOut: () => void;
}) {
  const { access, name, isReading } = props;
  const { client, identity } = access;
  const [visit, setVisit] = useState(1);
  const session = useMemo(() => {
    const me = { id: identity.userId, name: identity.name };
    return new DocumentSession({ client, name, me, isReading });
  }, [client, name, visit]);
  useLayoutEffect(() => () => void session.close(), [session]);
  useLayoutEffect(() => DOCUMENTS.remember(device, name), [name]);
  return (
    <DocumentView
      key={visit}
      session={session}
      name={name}
      names={DOCUMENTS.recent(device, name)}
      identity={identity}
      isReading={isReading}
      mayWrite={!isReading && mayWrite(identity, DOCUMENTS.roomOf(name))}
      entryProblem={access.problem}
      openAgain={() => setVisit(visit + 1)}
      signInAgain={props.signOut}
      signOut={() => {
        // The next one at this device is somebody else.
        void session.forget().finally(() => forgetCopies(identity.userId));
        props.signOut();
      }}
    />
  );
}
