import { messageIdSchema, payloadSchemas } from "./client-frame-schema.ts";

const byContentChars = new Map<number, BodySchemas>();

/**
 * Schemas of the bodies of requests to a room: its frames' payloads, but for what stands in the
 * path or in a header. `contentChars` is a setting.
 */
export function bodySchemas(contentChars: number): BodySchemas {
  let schemas = byContentChars.get(contentChars);
  if (schemas === undefined) {
    schemas = buildBodySchemas(contentChars);
    byContentChars.set(contentChars, schemas);
  }
  return schemas;
}

function buildBodySchemas(contentChars: number) {
  const payloads = payloadSchemas(contentChars);
  return {
    sendMessage: payloads.send_message.safeExtend({ messageId: messageIdSchema.optional() }),
    editMessage: payloads.edit_message.omit({ seq: true }),
    react: payloads.react.omit({ seq: true }),
    publish: payloads.publish,
    readMessages: payloads.read_messages,
    readNotifications: payloads.read_notifications,
  };
}

/** The body schemas of one deployment's settings. */
export type BodySchemas = ReturnType<typeof buildBodySchemas>;
