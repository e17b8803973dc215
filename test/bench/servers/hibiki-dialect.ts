import { tokenFor } from "../../support/token.ts";
import type { AnswerPattern, Dialect } from "../load/dialect.ts";
import { MESSAGE_ID_PREFIX, messageIdOf } from "../load/message.ts";

/** Secret of the servers under test. */
export const AUTH_SECRET = "a-secret-of-the-bench-and-of-nothing-else";

/** The room that dialects join, and that is seeded. */
export const ROOM = "bench";

/** How a client of Hibiki speaks (P3.5). */
export interface HibikiWish {
  readonly wire: "json" | "plain";
  readonly room?: string;
  /** Whether every connection is of the same user; else each is a user of its own. */
  readonly oneUser?: boolean;
  /** Query of the upgrade. */
  readonly query?: string;
  /**
   * What is said: chat messages when absent; values that are published and not stored, and whose
   * senders have asked for their echo, as the SDK does, or not; or what people show of themselves.
   */
  readonly says?: "messages" | "values" | "values-unechoed" | "presence";
}

/** `{"type":"ack","messageId":"…","timestamp":"…","payload":{"success":true` */
const ANSWER: AnswerPattern = {
  before: `"type":"ack","messageId":"${MESSAGE_ID_PREFIX}`,
  toSuccess: `","timestamp":"2026-01-01T00:00:00.000Z","payload":{"success":`.length,
};

const MESSAGES = {
  message: (id: number, content: string) =>
    `{"type":"send_message","messageId":"${messageIdOf(id)}","payload":{"content":"${content}"}}`,
  answer: ANSWER,
  isOrdered: true,
};

const VALUES = {
  message: (_id: number, content: string) =>
    `{"type":"publish","payload":{"event":"move","data":"${content}"}}`,
  isUnanswered: true,
};

const PRESENCE = {
  message: (_id: number, content: string) => `{"type":"presence","payload":{"data":"${content}"}}`,
  isUnanswered: true,
  skipsSender: true,
};

/** How each of them is said. */
const SPEECH = {
  messages: MESSAGES,
  values: VALUES,
  "values-unechoed": { ...VALUES, skipsSender: true },
  presence: PRESENCE,
};

/** Hibiki's dialect. */
export function hibikiDialect(port: number, wish: HibikiWish): Dialect {
  const { wire, room = ROOM, oneUser = false, query = "history=0", says = "messages" } = wish;
  return {
    entrance: (index) => {
      const token = tokenOf(oneUser ? 0 : index);
      return {
        port,
        target: `/v1/rooms/${room}/ws?${query}`,
        headers:
          wire === "json"
            ? { "Sec-WebSocket-Protocol": `hibiki.v1.json, bearer.${token}` }
            : { Authorization: `Bearer ${token}` },
      };
    },
    welcome: `"type":"joined_room"`,
    renewal: (index) =>
      JSON.stringify({ type: "refresh_token", payload: { token: tokenOf(index) } }),
    ...SPEECH[says],
    ...(wire === "json" ? { heartbeat: `{"type":"ping"}` } : {}),
  };
}

function tokenOf(index: number): string {
  return tokenFor(`user-${index}`, AUTH_SECRET);
}
