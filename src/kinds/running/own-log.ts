import type { AnyContract } from "../../contract/contract.ts";
import { iso } from "../../protocol/iso.ts";
import type { LogShape } from "../../room/hooks/kind.ts";
import type { LogEvent } from "../../room/log/log.ts";
import type { SqlRow } from "../../room/store/tables.ts";
import { textIn } from "../../storage/database.ts";
import { migrated } from "./migration.ts";
import { VERSION_OF, versionIn } from "./standing-store.ts";

/**
 * How the events of a team's own kind lie in the log. Those of an earlier version of its contract are
 * told in today's shape; one that cannot be brought into it is told as it was stored.
 */
export function ownLog(contract: AnyContract): LogShape {
  // Before the second version nothing can be of another.
  if (contract.version === 1) return { frame: authoredFrame };
  return {
    frame: authoredFrame,
    columns: VERSION_OF,
    payload: (row) => payloadOf(contract, row),
  };
}

function payloadOf(contract: AnyContract, row: SqlRow): string {
  const text = textIn(row, "payload");
  const version = versionIn(row);
  if (version === contract.version) return text;
  const today = migrated(contract, textIn(row, "type"), version, JSON.parse(text));
  return today.ok ? JSON.stringify(today.data) : text;
}

/** An event as everybody is told it: nothing in its payload would say whose it is. */
function authoredFrame({
  seq,
  type,
  at,
  userId,
  payload,
}: Pick<LogEvent, "seq" | "type" | "at" | "userId" | "payload">): string {
  return `{"type":${JSON.stringify(type)},"seq":${seq},"userId":${JSON.stringify(userId)},"timestamp":"${iso(at)}","payload":${payload}}`;
}
