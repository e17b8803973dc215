import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import { device } from "../../identity/storage.ts";
import { recentRooms, rememberRoom } from "../recent-rooms.ts";
import type { Visits } from "../visits.ts";
import { RoomView, type RoomViewProps } from "./room-view.tsx";

/** One visit to a room; entered again when it was closed. */
export function Chat(props: {
  readonly visits: Visits;
  readonly inbox: RoomViewProps["inbox"];
  readonly room: string;
  readonly place: RoomViewProps["place"];
  readonly myName: RoomViewProps["myName"];
  readonly dismissNewGuest: RoomViewProps["dismissNewGuest"];
  readonly unread: RoomViewProps["unread"];
  readonly entryProblem: RoomViewProps["entryProblem"];
  readonly enter: RoomViewProps["enter"];
  readonly signOut: RoomViewProps["signOut"];
}) {
  const { visits, room } = props;
  const [visit, setVisit] = useState(1);
  const session = useMemo(() => visits.enter(room), [visit]);
  useLayoutEffect(() => () => visits.leave(session), [session]);
  useLayoutEffect(() => rememberRoom(device, room), [room]);
  return (
    <RoomView
      key={visit}
      session={session}
      inbox={props.inbox}
      place={props.place}
      rooms={recentRooms(device, room)}
      myName={props.myName}
      dismissNewGuest={props.dismissNewGuest}
      unread={props.unread}
      entryProblem={props.entryProblem}
      enter={props.enter}
      signOut={props.signOut}
      enterAgain={() => setVisit(visit + 1)}
    />
  );
}
