import { Brand } from "../../components/brand.tsx";
import { PageLinks } from "../../components/page-links.tsx";
import { LOBBY, NOT_FOR_CHAT, pathOfRoom } from "../room-path.ts";
import { OpenRoom } from "./open-room.tsx";

/** Shown where the address names no chat room, or nothing at all. */
export function NoRoom(props: { readonly path: string; readonly enter: (room: string) => void }) {
  const isRoom = props.path.startsWith("/rooms");
  return (
    <main class="sign-in">
      <div class="card">
        <Brand />
        <h1>There is no such {isRoom ? "room" : "page"}</h1>
        <p>
          A room's name has letters, digits, and . _ ~ : - in it, 128 at most, and does not begin
          with {NOT_FOR_CHAT}
        </p>
        <OpenRoom enter={props.enter} />
        <p>
          Or go to the <a href={pathOfRoom(LOBBY)}>#{LOBBY}</a>.
        </p>
        <PageLinks current="/" />
      </div>
    </main>
  );
}
