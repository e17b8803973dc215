import type { RoomKind } from "../room/hooks/kind.ts";
import { CHAT } from "./chat/kind.ts";
import { INBOX } from "./inbox/kind.ts";
import { TOPIC } from "./topic/kind.ts";

/** The kinds of room that every deployment has. */
export const BUILT_IN: readonly RoomKind[] = [CHAT, INBOX, TOPIC];
