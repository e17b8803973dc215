import { reservedContract } from "../../contract/reserved-contract.ts";
import { server } from "../../contract/schema.ts";
import { inboxClientSchemas, inboxServerSchemas } from "../../protocol/frames/inbox-schema.ts";

/** What both ends of an inbox know: notifications that come from the server side, and which were read. */
export const inbox = reservedContract("inbox", {
  events: { notification: server(inboxServerSchemas.notification) },
  signals: { notifications_read: server(inboxServerSchemas.notifications_read) },
  commands: {
    // From the backend or another room.
    notify: server(inboxClientSchemas.notify),
    read_notifications: inboxClientSchemas.read_notifications,
  },
});
