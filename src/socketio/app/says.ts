import * as z from "zod";
import { cutText } from "../../protocol/cut-text.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { messageIdSchema } from "../../protocol/field-schema.ts";
import { isOfConnections } from "../../protocol/frames.ts";
import { issueWords } from "../../protocol/issue-words.ts";
import { payloadProblem } from "../../protocol/json.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { DOCUMENT_PREFIX, GAME_PREFIX, TOPIC_PREFIX } from "../../protocol/room-kind.ts";
import { roomNameFault } from "../../protocol/room-name.ts";
import { issuesRefusal, jsonRefusal } from "../../protocol/schema-refusal.ts";

/** What a client wants by an event. */
export type Wish =
  | { readonly wants: "enter"; readonly room: string; readonly history: number }
  | { readonly wants: "leave"; readonly room: string }
  | {
      readonly wants: "say";
      readonly room: string;
      readonly type: string;
      readonly payload?: object | undefined;
      /** The client's own, by which it is answered as well. */
      readonly messageId?: string | undefined;
      /** Whether the room is entered for it. */
      readonly enters?: true;
    }
  /** Into the inbox of whose token it is. */
  | { readonly wants: "authenticate"; readonly token?: string | undefined }
  | { readonly wants: "renew"; readonly token: string };

/** A wish, or why it is none. */
export type Understood =
  | { readonly ok: true; readonly wish: Wish }
  | {
      readonly ok: false;
      readonly error: Refusal;
      readonly room?: string | undefined;
      readonly messageId?: string | undefined;
    };

const roomSchema = z.string().superRefine((name, context) => {
  const fault = roomNameFault(name);
  if (fault !== undefined) context.addIssue(fault);
});
const tokenSchema = z.string().max(BOUNDS.tokenChars);
const keySchema = messageIdSchema.optional();

/** A room by its whole name, or by its own alone behind what all such begin with. */
function beginningWith(prefix: string) {
  return z
    .string()
    .transform((name) => (name.startsWith(prefix) ? name : prefix + name))
    .pipe(roomSchema);
}

const topicSchema = z.object({ topic: beginningWith(`${TOPIC_PREFIX}:`) });
const inRoom = z.object({ room: roomSchema });
const aboutDocument = z.looseObject({
  documentId: beginningWith(`${DOCUMENT_PREFIX}:`),
  messageId: keySchema,
});
const aboutGame = z.looseObject({ room: beginningWith(`${GAME_PREFIX}:`), messageId: keySchema });
const aboutRoom = z.looseObject({ room: roomSchema, messageId: keySchema });

/** How an event is read. */
interface Reading {
  /** What a text stands for that is all an event says. */
  readonly text: string;
  readonly schema: z.ZodType<Wish>;
}

const ROOM = "room";
const TOKEN = "token";
const historySchema = z.int().min(0).max(BOUNDS.historyMax).default(BOUNDS.historyDefault);

/** What each event means; its first argument is the only one that counts. */
const EVENTS: Readonly<Record<string, Reading>> = {
  join_room: {
    text: ROOM,
    schema: inRoom
      .extend({ history: historySchema })
      .transform((about) => ({ wants: "enter", ...about })),
  },
  leave_room: { text: ROOM, schema: inRoom.transform(({ room }) => ({ wants: "leave", room })) },
  subscribe: {
    text: TOPIC_PREFIX,
    schema: topicSchema.transform(({ topic: room }) => ({ wants: "enter", room, history: 0 })),
  },
  unsubscribe: {
    text: TOPIC_PREFIX,
    schema: topicSchema.transform(({ topic: room }) => ({ wants: "leave", room })),
  },
  send_message: {
    text: ROOM,
    schema: aboutRoom.transform(({ message, content = message, ...about }) =>
      saying("send_message", { ...about, content }),
    ),
  },
  typing: {
    text: ROOM,
    schema: inRoom
      .extend({ typing: z.boolean().default(true) })
      .transform(({ room, typing }) => saying(typing ? "typing_start" : "typing_end", { room })),
  },
  authenticate: {
    text: "whoever",
    // Whoever they say that they are, their token decides.
    schema: z
      .object({ token: tokenSchema.optional() })
      .transform(({ token }) => ({ wants: "authenticate", token })),
  },
  refresh_token: {
    text: TOKEN,
    schema: z.object({ token: tokenSchema }).transform(({ token }) => ({ wants: "renew", token })),
  },
  document_change: inDocument("document_change"),
  cursor_move: inDocument("cursor_move"),
  player_input: {
    text: ROOM,
    schema: aboutGame.transform((about) => ({ ...saying("player_input", about), enters: true })),
  },
};

function inDocument(type: string): Reading {
  return {
    text: "documentId",
    schema: aboutDocument.transform(({ documentId: room, ...about }) => ({
      ...saying(type, { ...about, room }),
      enters: true,
    })),
  };
}

/** What a room takes by the same name, of its own kind or of a team's. */
function spoken(type: string): Reading {
  return { text: ROOM, schema: aboutRoom.transform((about) => saying(type, about)) };
}

interface About {
  readonly room: string;
  readonly messageId?: string | undefined;
  readonly [field: string]: unknown;
}

function saying(
  type: string,
  { room, roomId: _same, messageId, ...payload }: About,
): Wish & { readonly wants: "say" } {
  return { wants: "say", room, type, payload, messageId };
}

/** Whom an answer names that refuses. */
const answerableSchema = z.object({
  room: z.string().optional().catch(undefined),
  messageId: keySchema.catch(undefined),
});

/** Reads an event; what nobody could read of it later is found here. */
export function understand(name: string, args: readonly unknown[]): Understood {
  const [said = {}] = args;
  const { text, schema } = (Object.hasOwn(EVENTS, name) ? EVENTS[name] : undefined) ?? spoken(name);
  const whole = unfolded(said, text);
  const about = answerableSchema.catch({}).parse(whole);
  const problem = payloadProblem(whole);
  if (problem !== undefined) {
    return { ok: false, error: jsonRefusal(problem, "invalid_frame", name), ...about };
  }
  // What is about no room can only be one of the events above.
  if ((about.room === undefined || isOfConnections(name)) && !Object.hasOwn(EVENTS, name)) {
    const message = `There is no event "${cutText(name, 64)}".`;
    return { ok: false, error: refusal("unknown_type", message) };
  }
  const parsed = schema.safeParse(whole, { error: issueWords });
  return parsed.success
    ? { ok: true, wish: parsed.data }
    : { ok: false, error: issuesRefusal(parsed.error, "invalid_frame", name), ...about };
}

/** A text that is all that was said as an object, and a room by the name that it always has here. */
function unfolded(said: unknown, text: string): unknown {
  if (typeof said !== "object" || said === null) return { [text]: said };
  return "roomId" in said && !("room" in said) ? { ...said, room: said.roomId } : said;
}
