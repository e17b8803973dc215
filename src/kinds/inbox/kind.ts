import { eventFrame } from "../../room/log/event-frame.ts";
import { type Extension, extendedKind } from "../extension.ts";
import { INBOX_ARCHIVE } from "./archive.ts";
import { inbox } from "./contract.ts";
import { notify, readNotifications } from "./decisions.ts";
import { InboxMemory } from "./inbox-memory.ts";
import { IS_READ, shown } from "./sql-inbox.ts";

const EXTENSION: Extension<typeof inbox, InboxMemory> = {
  presence: false,
  address: {
    title: "A user's inbox",
    room: `${inbox.prefix}:{userId}`,
    parameters: { userId: { description: "Whose inbox it is, percent-encoded." } },
  },
  log: { frame: eventFrame, columns: IS_READ, payload: shown },
  archive: INBOX_ARCHIVE,
  open: (ports) => new InboxMemory(ports),
  decide: { notify, read_notifications: readNotifications },
};

/** Rooms of one person each, in which notifications arrive. */
export const INBOX = extendedKind(inbox, {}, EXTENSION);
