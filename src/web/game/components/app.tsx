import { useMemo } from "hono/jsx/dom";
import { platform } from "../../../client/environment.ts";
import { SignIn } from "../../components/sign-in.tsx";
import { useClient } from "../../components/use-client.ts";
import { useIdentity } from "../../components/use-identity.ts";
import type { Identity } from "../../identity/identity.ts";
import { arenaOfPath, isWatching, roomOfArena } from "../arena-path.ts";
import { LongLine } from "../latency/long-line.ts";
import { Arena } from "./arena.tsx";
import { NoArena } from "./no-arena.tsx";

/** The page: who one is, then the arena that the address names. */
export function App() {
  const { identity, lastName, signIn, signOut } = useIdentity();
  const name = arenaOfPath(location.pathname);
  if (name === undefined) return <NoArena />;
  if (identity === undefined) {
    return (
      <SignIn
        title={`${isWatching(location.search) ? "Watch" : "Play in"} ${name}`}
        about="An arena on Hibiki, a realtime backend: everybody who has it open plays in the same one, and sees the others move as they do."
        page="/game"
        name={lastName}
        signedIn={signIn}
      />
    );
  }
  return <SignedIn key={identity.token} identity={identity} name={name} signOut={signOut} />;
}

function SignedIn(props: {
  readonly identity: Identity;
  readonly name: string;
  readonly signOut: () => void;
}) {
  const { name, signOut } = props;
  const watches = isWatching(location.search);
  const less = useMemo(() => ({ [roomOfArena(name)]: ["read"] as const }), [name]);
  const line = useMemo(
    () => new LongLine(platform, { after: platform.after, now: () => performance.now() }),
    [],
  );
  const access = useClient(props.identity, signOut, watches ? less : undefined, {
    environment: { openSocket: line.openSocket },
    // A guest's token that only reads has no player; of another one's the server knows it by the stream.
    ...(watches && !props.identity.guest ? { transport: "sse" } : {}),
  });
  return <Arena access={access} line={line} name={name} watches={watches} signOut={signOut} />;
}
