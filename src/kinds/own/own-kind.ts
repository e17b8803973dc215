import type { Kind } from "../../contract/kind.ts";
import { iso } from "../../protocol/iso.ts";
import type { RoomKind } from "../../room/hooks/kind.ts";
import type { LogEvent } from "../../room/log/log.ts";
import type { OwnChange } from "./deed.ts";
import type { OwnFrame } from "./own-frame.ts";
import { ownParser } from "./own-parser.ts";
import { OwnRoom } from "./own-room.ts";
import { ownType } from "./own-type.ts";

/** A kind of room out of a team's own contract and rules: what chat, inbox and topic are, for them. */
export function ownKind({ contract, rules }: Kind): RoomKind<OwnFrame, OwnChange> {
  return {
    name: contract.prefix,
    prefix: contract.prefix,
    presence: true,
    receipts: false,
    outside: `${contract.prefix}.`,
    log: { frame: authoredFrame },
    // Its state follows from its events.
    archive: { lines: [], sections: () => [], take: () => {} },
    takes: (type) => ownType(contract, type) !== undefined,
    parser: ({ contentChars }) => ownParser(contract, contentChars),
    open: (ports) => new OwnRoom({ contract, rules }, ports),
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
