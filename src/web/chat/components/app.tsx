import { useMemo, useState } from "hono/jsx/dom";
import { SignIn } from "../../components/sign-in.tsx";
import { useClient } from "../../components/use-client.ts";
import { useIdentity } from "../../components/use-identity.ts";
import type { Identity } from "../../identity/identity.ts";
import { type Place, pathOfRoom } from "../room-path.ts";
import { Visits } from "../visits.ts";
import { Chat } from "./chat.tsx";
import { NoRoom } from "./no-room.tsx";
import { usePlace } from "./use-place.ts";
import { useUnread } from "./use-unread.ts";

/** The page: who one is, then the room that the address names. */
export function App() {
  const [place, go] = usePlace();
  const { identity, lastName, signIn, signOut } = useIdentity();
  const enter = (to: string, seq?: number) => go(pathOfRoom(to, seq));
  const { room } = place;
  if (room === undefined) return <NoRoom path={location.pathname} enter={enter} />;
  if (identity === undefined) {
    return (
      <SignIn
        title={`Enter #${room}`}
        about="A chat room on Hibiki, a realtime backend: what is written here arrives at once, in order, and stays."
        page="/"
        name={lastName}
        signedIn={signIn}
      />
    );
  }
  return (
    <SignedIn
      key={identity.token}
      identity={identity}
      room={room}
      place={place}
      enter={enter}
      signOut={signOut}
    />
  );
}

function SignedIn(props: {
  readonly identity: Identity;
  readonly room: string;
  readonly place: Place;
  readonly enter: (room: string, seq?: number) => void;
  readonly signOut: () => void;
}) {
  const { room } = props;
  const { client, token, identity, problem } = useClient(props.identity, props.signOut);
  const [knownAs, setKnownAs] = useState(identity.userId);
  const isNewGuest = identity.userId !== knownAs;
  const visits = useMemo(() => new Visits(client), [client]);
  const inbox = useMemo(() => client.inbox(), [client]);
  const unread = useUnread(identity.userId, room, token);
  return (
    <Chat
      key={room}
      visits={visits}
      inbox={inbox}
      room={room}
      place={props.place}
      myName={identity.name}
      dismissNewGuest={isNewGuest ? () => setKnownAs(identity.userId) : undefined}
      unread={unread}
      entryProblem={problem}
      enter={props.enter}
      signOut={props.signOut}
    />
  );
}
