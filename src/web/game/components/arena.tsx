import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import type { Access } from "../../components/use-client.ts";
import { device } from "../../identity/storage.ts";
import { ARENAS } from "../arenas.ts";
import type { LongLine } from "../latency/long-line.ts";
import { ArenaSession } from "../session.ts";
import { ArenaView } from "./arena-view.tsx";

/** One visit to an arena; begun again when it was closed. */
export function Arena(props: {
  readonly access: Access;
  readonly line: LongLine;
  readonly name: string;
  readonly watches: boolean;
  readonly signOut: () => void;
}) {
  const { access, name } = props;
  const { client } = access;
  const [visit, setVisit] = useState(1);
  const session = useMemo(() => new ArenaSession(client, name), [client, name, visit]);
  useLayoutEffect(() => () => void session.close(), [session]);
  useLayoutEffect(() => ARENAS.remember(device, name), [name]);
  return (
    <ArenaView
      key={visit}
      session={session}
      line={props.line}
      name={name}
      names={ARENAS.recent(device, name)}
      identity={access.identity}
      watches={props.watches}
      entryProblem={access.problem}
      enterAgain={() => setVisit(visit + 1)}
      signOut={props.signOut}
    />
  );
}
