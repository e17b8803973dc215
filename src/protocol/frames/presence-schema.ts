import * as z from "zod";
import { describes } from "../describes.ts";
import { jsonSchema } from "../field-schema.ts";
import { BOUNDS } from "../limits.ts";
import { anyJson, userSchema } from "../message-schema.ts";
import type { PresenceServerPayloads } from "./presence.ts";

/** Schemas of what people show of themselves, as it is sent. */
export const presenceClientSchemas = {
  presence: z.object({ data: jsonSchema(BOUNDS.presenceDataBytes) }),
};

/** Schemas of what is told of it. */
export const presenceServerSchemas = {
  user_updated: describes<PresenceServerPayloads["user_updated"]>()(
    userSchema.extend({ data: anyJson }),
  ),
};
