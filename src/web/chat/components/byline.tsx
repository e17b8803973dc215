import type { Row } from "../state/rows.ts";
import { fullMoment, timeOfDay } from "../text/moment.ts";
import { Avatar } from "./avatar.tsx";

/** Who wrote a line, and when. */
export function Byline({ row }: { readonly row: Row }) {
  const { name, userId, timestamp } = authorOf(row);
  return (
    <>
      <Avatar userId={userId} name={name} />
      <p class="byline">
        <span class="author">{name}</span>
        {timestamp !== undefined && (
          <time dateTime={timestamp} title={fullMoment(timestamp)}>
            {timeOfDay(timestamp)}
          </time>
        )}
      </p>
    </>
  );
}

function authorOf(row: Row): { name: string; userId: string; timestamp: string | undefined } {
  switch (row.kind) {
    case "message":
      return { ...row.message, name: row.message.userName };
    case "outgoing":
      return { name: row.name, userId: row.userId, timestamp: row.message.timestamp };
    case "deleted": {
      const { userName = "Someone", userId = "", timestamp } = row.entry;
      return { name: userName, userId, timestamp };
    }
  }
}
