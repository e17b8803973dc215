import { tokenFor } from "../../support/token.ts";
import type { Dialect } from "../load/dialect.ts";
import { MESSAGE_ID_PREFIX, messageIdOf } from "../load/message.ts";
import { AUTH_SECRET, ROOM } from "./hibiki-dialect.ts";

/** A message is told as `receive_message` and as `new_message`; to whoever sent it as the latter alone. */
const MESSAGES = {
  message: (id: number, content: string) =>
    event("send_message", { room: ROOM, messageId: messageIdOf(id), message: content }),
  copy: `"content":"`,
  answer: {
    before: `["ack:${MESSAGE_ID_PREFIX}`,
    toSuccess: `",{"success":`.length,
  },
  isOrdered: true,
};

const VALUES = {
  message: (_id: number, content: string) =>
    event("publish", { room: ROOM, event: "move", data: content }),
  isUnanswered: true,
  skipsSender: true,
};

/**
 * How a stock client of Socket.IO speaks to Hibiki's default app, over WebSocket from the first.
 *
 * @param says messages, or values that are published and not stored.
 */
export function hibikiSocketioDialect(port: number, says: "messages" | "values"): Dialect {
  return {
    entrance: (index) => ({
      port,
      target: `/socket.io/?EIO=4&transport=websocket&token=${tokenOf(index)}`,
      headers: {},
    }),
    greeting: "40",
    letIn: { told: `40{"sid"`, reply: event("join_room", { room: ROOM, history: 0 }) },
    welcome: `["joined_room"`,
    ...(says === "messages" ? MESSAGES : VALUES),
    renewal: (index) => event("refresh_token", { token: tokenOf(index) }),
    pinged: { byte: "2".charCodeAt(0), reply: "3" },
  };
}

/** An event as it travels: a message of Engine.IO, and of the main namespace. */
function event(name: string, data: object): string {
  return `42${JSON.stringify([name, data])}`;
}

function tokenOf(index: number): string {
  return tokenFor(`user-${index}`, AUTH_SECRET);
}
