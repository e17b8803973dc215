import type { KindName } from "../protocol/room-kind.ts";
import type { RoomLimits } from "../protocol/settings.ts";
import { CHAT } from "./chat/kind.ts";
import { DOCUMENT } from "./document/kind.ts";
import type { ExtendedKind } from "./extension.ts";
import { GAME } from "./game/kind.ts";
import { INBOX } from "./inbox/kind.ts";
import { TOPIC } from "./topic/kind.ts";

/** The kinds of room that every deployment has. */
export const BUILT_IN: readonly ExtendedKind[] = [CHAT, INBOX, TOPIC, DOCUMENT, GAME];

const LIMITS = new Map(
  BUILT_IN.map(({ contract, extension }) => [contract.name, extension.limits]),
);

const COMMANDS: ReadonlyMap<KindName, ReadonlySet<string>> = new Map(
  BUILT_IN.map(({ contract: { name, commands } }) => [name, new Set(Object.keys(commands))]),
);

/** What may be asked of rooms of a kind. */
export function commandsOf(kind: KindName): ReadonlySet<string> {
  return COMMANDS.get(kind) ?? new Set();
}

/** The limits of rooms of a kind, by those of the deployment. */
export function limitsOf(kind: KindName, limits: RoomLimits): RoomLimits {
  return LIMITS.get(kind)?.(limits) ?? limits;
}
