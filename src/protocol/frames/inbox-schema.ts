import * as z from "zod";
import { describes } from "../describes.ts";
import { seqSchema } from "../field-schema.ts";
import { BOUNDS } from "../limits.ts";
import { notificationSchema, storedNotificationSchema } from "../notification-schema.ts";
import type { InboxServerPayloads } from "./inbox.ts";

const countSchema = z.int().min(0);

/** Schemas of what is sent to an inbox. */
export const inboxClientSchemas = {
  read_notifications: z.union(
    [
      z.strictObject({ upTo: countSchema }),
      z.strictObject({
        ids: z
          .array(seqSchema)
          .min(1)
          .max(BOUNDS.notificationIds)
          .transform((ids) => [...new Set(ids)]),
      }),
    ],
    { error: `must be {upTo: seq} or {ids: [1 to ${BOUNDS.notificationIds} seqs]}` },
  ),
  notify: notificationSchema,
};

/** Schemas of what is told in an inbox. */
export const inboxServerSchemas = {
  notification: storedNotificationSchema,
  notifications_read: describes<InboxServerPayloads["notifications_read"]>()(
    z.union([
      z.object({ upTo: countSchema, unread: countSchema }),
      z.object({ ids: z.array(seqSchema), unread: countSchema }),
    ]),
  ),
};
