import * as z from "zod";
import { ackSchema } from "../ack-schema.ts";
import { refusalSchema } from "../error-schema.ts";
import { PERMISSIONS } from "../grant.ts";
import { joinedRoomSchema } from "../greeting-schema.ts";
import { BOUNDS } from "../limits.ts";
import { anyJson, timestampSchema, userSchema } from "../message-schema.ts";

/** A mark, and the answer to it. */
export const markSchema = z.object({ id: z.string().min(1).max(BOUNDS.markIdChars) });

/** Schemas of what is sent about the connection itself. */
export const connectionClientSchemas = {
  refresh_token: z.object({ token: z.string().min(1).max(BOUNDS.tokenChars) }),
  read_mark: markSchema,
};

/** Schemas of what is told of connections. */
export const connectionServerSchemas = {
  joined_room: joinedRoomSchema,
  user_joined: userSchema,
  user_left: userSchema,
  token_refreshed: z.object({ expiresAt: timestampSchema }),
  you: z.object({ can: z.array(z.enum(PERMISSIONS)), member: anyJson.exactOptional() }),
  ack: ackSchema,
  error: refusalSchema,
  mark: markSchema,
};
