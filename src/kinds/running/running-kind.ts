import type { Kind } from "../../contract/kind.ts";
import type { RoomKind } from "../../room/hooks/kind.ts";
import type { Extension } from "../extension.ts";
import { definitionOf } from "./definition.ts";
import { OWN_ARCHIVE } from "./own-archive.ts";
import { ownLog } from "./own-log.ts";
import { parserOf } from "./parser.ts";
import { reviewOf } from "./review.ts";
import { RunningRoom } from "./running-room.ts";

/** What a team's own kind has where others have an extension that says so. */
const OWN: Pick<Extension<never, never>, "presence" | "archive"> = {
  presence: true,
  archive: OWN_ARCHIVE,
};

/** A kind as the engine runs it, whoever made it: the one way from contract and rules to a room. */
export function runningKind(kind: Kind): RoomKind {
  const definition = definitionOf(kind);
  const { name, contract, rules, sayables, extension } = definition;
  const { presence, archive } = extension ?? OWN;
  return {
    name,
    presence,
    receipts: contract.receipts,
    authorizes: rules.authorize !== undefined,
    // Hibiki's own events are known everywhere by their types; a team's by their kind as well.
    outside: extension === undefined ? `${name}.` : "",
    errors: contract.errors,
    version: contract.version,
    greets: extension?.greets ?? "joined_room",
    answersFirst: extension?.answersFirst === true,
    gapMs: extension?.gapMs ?? 0,
    log: extension?.log ?? ownLog(contract),
    archive,
    limits: extension?.limits ?? ((limits) => limits),
    takes: (type) => sayables.has(type),
    conflates: (type) => sayables.get(type)?.isConflated === true,
    parser: (limits) => parserOf(definition, limits),
    review: (limits) => reviewOf(definition, limits),
    open: (ports) => new RunningRoom(definition, ports),
  };
}
