import { useLayoutEffect, useMemo, useState } from "hono/jsx/dom";
import type { RealtimeClient } from "../../../client/index.ts";
import { recentRooms, rememberRoom } from "../recent-rooms.ts";
import { ChatSession } from "../session.ts";
import { device } from "../storage.ts";
import { RoomView, type RoomViewProps } from "./room-view.tsx";

/** One visit to a room; entered again when it was closed. */
export function Chat(props: {
  readonly client: RealtimeClient;
  readonly room: string;
  readonly myName: RoomViewProps["myName"];
  readonly enter: RoomViewProps["enter"];
  readonly signOut: RoomViewProps["signOut"];
}) {
  const { client, room } = props;
  const [visit, setVisit] = useState(1);
  const session = useMemo(() => new ChatSession(client.room(room)), [visit]);
  useLayoutEffect(() => () => void session.close(), [session]);
  useLayoutEffect(() => rememberRoom(device, room), [room]);
  return (
    <RoomView
      key={visit}
      session={session}
      rooms={recentRooms(device, room)}
      myName={props.myName}
      enter={props.enter}
      signOut={props.signOut}
      enterAgain={() => setVisit(visit + 1)}
    />
  );
}
