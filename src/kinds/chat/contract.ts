import * as z from "zod";
import { reservedContract } from "../../contract/reserved-contract.ts";
import { server } from "../../contract/schema.ts";
import { payloadSchemas } from "../../protocol/payload-schema.ts";
import { SERVER_PAYLOADS } from "../../protocol/server-frame-schema.ts";
import { DEFAULT_LIMITS } from "../../protocol/settings.ts";

const { new_message, message_edited, message_deleted, message_reacted } = SERVER_PAYLOADS;
const { user_typing, messages_read, event, user_updated } = SERVER_PAYLOADS;
const { send_message, edit_message, delete_message, react, read_messages, publish, presence } =
  // A deployment may bound content otherwise; its parser is made for that.
  payloadSchemas(DEFAULT_LIMITS.contentChars);

/** What both ends of a chat know: messages that are edited, deleted and reacted to, typing, receipts. */
export const chat = reservedContract("chat", {
  events: {
    new_message: server(new_message),
    message_edited: server(message_edited),
    message_deleted: server(message_deleted),
    message_reacted: server(message_reacted),
  },
  signals: {
    user_typing: server(user_typing),
    messages_read: server(messages_read),
    event: server(event),
    user_updated: server(user_updated),
  },
  receipts: true,
  commands: {
    send_message,
    edit_message,
    delete_message,
    react,
    typing_start: z.undefined(),
    typing_end: z.undefined(),
    read_messages,
    publish,
    presence,
  },
});
