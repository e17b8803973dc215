import { Brand } from "../../components/brand.tsx";
import { LOBBY, pathOfRoom } from "../room-path.ts";
import { OpenRoom } from "./open-room.tsx";

/** Shown where the address names no chat room. */
export function NoRoom({ enter }: { readonly enter: (room: string) => void }) {
  return (
    <main class="sign-in">
      <div class="card">
        <Brand />
        <h1>There is no such room</h1>
        <p>
          A room's name has letters, digits, and . _ ~ : - in it, 128 at most, and does not begin
          with user: topic: document: or game:
        </p>
        <OpenRoom enter={enter} />
        <p>
          Or go to the <a href={pathOfRoom(LOBBY)}>#{LOBBY}</a>.
        </p>
      </div>
    </main>
  );
}
