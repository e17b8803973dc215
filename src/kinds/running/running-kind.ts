import type { Kind } from "../../contract/kind.ts";
import { iso } from "../../protocol/iso.ts";
import type { RoomKind } from "../../room/hooks/kind.ts";
import type { LogEvent } from "../../room/log/log.ts";
import type { Extension } from "../extension.ts";
import { definitionOf } from "./definition.ts";
import { parserOf } from "./parser.ts";
import { reviewOf } from "./review.ts";
import { RunningRoom } from "./running-room.ts";

/** What a team's own kind has where others have an extension that says so. */
const OWN: Pick<Extension<never, never>, "presence" | "receipts" | "log" | "archive"> = {
  presence: true,
  receipts: false,
  log: { frame: authoredFrame },
  // Its state follows from its events.
  archive: { lines: [], sections: () => [] },
};

/** A kind as the engine runs it, whoever made it: the one way from contract and rules to a room. */
export function runningKind(kind: Kind): RoomKind {
  const definition = definitionOf(kind);
  const { name, sayables, extension } = definition;
  const { presence, receipts, log, archive } = extension ?? OWN;
  return {
    name,
    presence,
    receipts,
    // Hibiki's own events are known everywhere by their types; a team's by their kind as well.
    outside: extension === undefined ? `${name}.` : "",
    log,
    archive,
    takes: (type) => sayables.has(type),
    parser: (limits) => parserOf(definition, limits),
    review: (limits) => reviewOf(definition, limits),
    open: (ports) => new RunningRoom(definition, ports),
  };
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
