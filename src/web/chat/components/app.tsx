import { useMemo } from "hono/jsx/dom";
import { SignIn } from "../../components/sign-in.tsx";
import { useClient } from "../../components/use-client.ts";
import { useIdentity } from "../../components/use-identity.ts";
import type { Identity } from "../../identity/identity.ts";
import { pathOfRoom, roomOfPath } from "../room-path.ts";
import { Visits } from "../visits.ts";
import { Chat } from "./chat.tsx";
import { NoRoom } from "./no-room.tsx";
import { usePath } from "./use-path.ts";

/** The page: who one is, then the room that the address names. */
export function App() {
  const [path, go] = usePath();
  const { identity, lastName, signIn, signOut } = useIdentity();
  const enter = (room: string) => go(pathOfRoom(room));
  const room = roomOfPath(path);
  if (room === undefined) return <NoRoom path={path} enter={enter} />;
  if (identity === undefined) {
    return <SignIn title={`Enter #${room}`} name={lastName} signedIn={signIn} />;
  }
  return (
    <SignedIn
      key={identity.token}
      identity={identity}
      room={room}
      enter={enter}
      signOut={signOut}
    />
  );
}

function SignedIn(props: {
  readonly identity: Identity;
  readonly room: string;
  readonly enter: (room: string) => void;
  readonly signOut: () => void;
}) {
  const { identity, room } = props;
  const client = useClient(identity, props.signOut);
  const visits = useMemo(() => new Visits(client), [client]);
  return (
    <Chat
      key={room}
      visits={visits}
      room={room}
      myName={identity.name}
      enter={props.enter}
      signOut={props.signOut}
    />
  );
}
