import { GoTo } from "../../components/go-to.tsx";
import { NOT_FOR_CHAT, ROOM_PATTERN } from "../room-path.ts";

/** Goes to a room by name. */
export function OpenRoom({ enter }: { readonly enter: (room: string) => void }) {
  return (
    <GoTo
      what="room"
      pattern={ROOM_PATTERN}
      rule={`Letters, digits, and . _ ~ : - but not ${NOT_FOR_CHAT} in front`}
      go={enter}
    />
  );
}
