import { Avatar } from "../../people/avatar.tsx";
import { fullMoment, timeOfDay } from "../../people/moment.ts";
import { shownName } from "../../people/shown-name.ts";
import type { Row } from "../state/rows.ts";

/** Who wrote a line, and when; nothing where that is not known. */
export function Byline({ row }: { readonly row: Row }) {
  const author = authorOf(row);
  if (author === undefined) return null;
  const { name, timestamp } = author;
  return (
    <>
      <Avatar name={name} tail={row.tail} />
      <p class="byline">
        <span class="author" dir="auto" title={shownName(name)}>
          {shownName(name)}
        </span>
        {row.tail !== undefined && <small class="tail">·{row.tail}</small>}
        {timestamp !== undefined && (
          <time dateTime={timestamp} title={fullMoment(timestamp)}>
            {timeOfDay(timestamp)}
          </time>
        )}
      </p>
    </>
  );
}

interface Author {
  readonly name: string;
  readonly timestamp: string | undefined;
}

function authorOf(row: Row): Author | undefined {
  switch (row.kind) {
    case "message":
      return { name: row.message.userName, timestamp: row.message.timestamp };
    case "outgoing":
      return { name: row.name, timestamp: row.message.timestamp };
    case "deleted": {
      const { userName, timestamp } = row.entry;
      return userName === undefined ? undefined : { name: userName, timestamp };
    }
  }
}
