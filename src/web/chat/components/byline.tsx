import type { Row } from "../state/rows.ts";
import { fullMoment, timeOfDay } from "../text/moment.ts";
import { Avatar } from "./avatar.tsx";

/** Who wrote a line, and when. */
export function Byline({ row }: { readonly row: Row }) {
  const { name, timestamp } = authorOf(row);
  return (
    <>
      <Avatar name={name} />
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

function authorOf(row: Row): { name: string; timestamp: string | undefined } {
  switch (row.kind) {
    case "message":
      return { name: row.message.userName, timestamp: row.message.timestamp };
    case "outgoing":
      return { name: row.name, timestamp: row.message.timestamp };
    case "deleted": {
      const { userName = "Someone", timestamp } = row.entry;
      return { name: userName, timestamp };
    }
  }
}
