import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import { RealtimeClient } from "../../../client/index.ts";
import { forgetIdentity, type Identity, isValid, loadIdentity, saveIdentity } from "../identity.ts";
import { pathOfRoom, roomOfPath } from "../room-path.ts";
import { device } from "../storage.ts";
import { tokenOf } from "../token.ts";
import { Visits } from "../visits.ts";
import { Chat } from "./chat.tsx";
import { NoRoom } from "./no-room.tsx";
import { SignIn } from "./sign-in.tsx";
import { usePath } from "./use-path.ts";

/** The page: who one is, then the room that the address names. */
export function App() {
  const [path, go] = usePath();
  const [identity, setIdentity] = useState(() => loadIdentity(device));
  const enter = (room: string) => go(pathOfRoom(room));
  const room = roomOfPath(path);
  if (room === undefined) return <NoRoom enter={enter} />;
  if (identity === undefined || !(identity.guest || isValid(identity, Date.now()))) {
    const signedIn = (someone: Identity) => {
      saveIdentity(device, someone);
      setIdentity(someone);
    };
    return <SignIn room={room} name={identity?.name ?? ""} signedIn={signedIn} />;
  }
  const signOut = () => {
    forgetIdentity(device);
    setIdentity(undefined);
  };
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
  const client = useMemo(
    () =>
      new RealtimeClient({
        url: location.origin,
        token: tokenOf(identity, {
          renewed: (renewed) => saveIdentity(device, renewed),
          lost: props.signOut,
        }),
        // A tab left open overnight is to be in touch in the morning.
        reconnectTries: Number.POSITIVE_INFINITY,
      }),
    [identity],
  );
  const visits = useMemo(() => new Visits(client), [client]);
  useLayoutEffect(() => () => void client.close(), [client]);
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
