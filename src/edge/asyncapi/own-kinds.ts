import * as z from "zod";
import type { AnyContract } from "../../contract/contract.ts";
import { isServerOnly, type Schema } from "../../contract/schema.ts";
import { messageIdSchema, sentAtSchema, seqSchema } from "../../protocol/field-schema.ts";
import {
  CONNECTION_CLIENT_FRAMES,
  CONNECTION_SERVER_FRAMES,
} from "../../protocol/frames/connection.ts";
import { ownServerSchemas } from "../../protocol/frames/own-schema.ts";
import { socketQuerySchema } from "../../protocol/http.ts";
import { timestampSchema, userSchema } from "../../protocol/message-schema.ts";
import { payloadSchemas } from "../../protocol/payload-schema.ts";
import { serverFrame } from "../../protocol/server-frame-schema.ts";
import { DEFAULT_LIMITS } from "../../protocol/settings.ts";
import type { SchemaWriter } from "../openapi/json-schema.ts";
import { CLIENT_WORDS, OWN_WORDS, SERVER_WORDS } from "./words.ts";

/** What the document says of rooms of one of a team's own kinds. */
export interface OwnParts {
  readonly channels: object;
  readonly operations: object;
  readonly messages: object;
}

/** A frame of a contract, and who says it. */
interface OwnMessage {
  /** Types of two kinds may be of one name, and both ends say what the other has said. */
  readonly id: string;
  readonly type: string;
  readonly by: "client" | "server";
  readonly frame: z.ZodType;
  readonly summary: string;
  /** Absent of what streams carry too. */
  readonly isSocketOnly?: true;
}

const OF_CLIENTS = Object.keys(CONNECTION_CLIENT_FRAMES);
const OF_THE_SERVER = Object.entries(CONNECTION_SERVER_FRAMES);
const OF_STREAMS = OF_THE_SERVER.filter(([, row]) => !("socketOnly" in row)).map(([type]) => type);

/** Describes rooms of a kind from the schemas of its contract. */
export function ownParts(contract: AnyContract, schemas: SchemaWriter): OwnParts {
  const { prefix } = contract;
  const stream = `${prefix}Events`;
  const messages = messagesOf(contract, schemas);
  const ofStream = messages.filter(({ by, isSocketOnly }) => by === "server" && !isSocketOnly);
  const common = [...OF_CLIENTS, ...OF_THE_SERVER.map(([type]) => type)];
  const parameters = { name: { description: `What follows \`${prefix}:\` in the room's name.` } };
  return {
    channels: {
      [prefix]: {
        address: `/v1/rooms/${prefix}:{name}/ws`,
        title: `A room of the kind ${prefix}, over a WebSocket`,
        servers: [{ $ref: "#/servers/socket" }],
        parameters,
        messages: referring([...messages.map(({ id }) => id), ...common]),
        bindings: { ws: { method: "GET", query: schemas.body(socketQuerySchema) } },
      },
      [stream]: {
        address: `/v1/rooms/${prefix}:{name}/events`,
        title: `A room of the kind ${prefix}, as Server-Sent Events`,
        servers: [{ $ref: "#/servers/stream" }],
        parameters,
        messages: referring([...ofStream.map(({ id }) => id), ...OF_STREAMS]),
      },
    },
    operations: Object.fromEntries(
      messages.flatMap(({ id, type, by, summary, isSocketOnly }) =>
        by === "client"
          ? [[id, { ...operation("receive", prefix, id, summary), ...answered(prefix, type) }]]
          : [prefix, ...(isSocketOnly ? [] : [stream])].map((channel) => [
              `${channel}.${type}`,
              operation("send", channel, id, summary),
            ]),
      ),
    ),
    messages: Object.fromEntries(
      messages.map(({ id, type, frame }) => [id, { name: type, payload: schemas.body(frame) }]),
    ),
  };
}

function messagesOf(contract: AnyContract, schemas: SchemaWriter): readonly OwnMessage[] {
  const { prefix, events, signals } = contract;
  const of = (type: string, schema: Schema, isEvent: boolean): readonly OwnMessage[] => {
    const name = `${prefix}.${type}`;
    const told: OwnMessage = {
      id: `${name}.told`,
      type,
      by: "server",
      summary: `Somebody said "${type}".`,
      frame: z.object({
        type: z.literal(type),
        ...(isEvent ? { seq: seqSchema } : { origin: z.string().exactOptional() }),
        userId: z.string(),
        timestamp: timestampSchema,
        payload: schemas.own(`${name}.told`, schema, "output"),
      }),
    };
    if (isServerOnly(schema)) return [told];
    const payload = schemas.own(`${name}.said`, schema, "input");
    const said: OwnMessage = {
      id: `${name}.said`,
      type,
      by: "client",
      summary: `Says "${type}".`,
      frame: z.object({
        type: z.literal(type),
        ...(isEvent
          ? { messageId: messageIdSchema, sentAt: sentAtSchema.optional() }
          : { messageId: messageIdSchema.optional() }),
        payload,
      }),
    };
    return [said, told];
  };
  return [
    ...Object.entries(events).flatMap(([type, schema]) => of(type, schema, true)),
    ...Object.entries(signals).flatMap(([type, schema]) => of(type, schema, false)),
    ...presenceOf(contract, schemas),
    ...receiptsOf(contract),
    ...queryMessages(contract, schemas),
    ...stateMessages(contract, schemas),
  ];
}

/** What people show of themselves, in rooms of a kind whose contract says what that is. */
function presenceOf(
  { prefix, presence }: AnyContract,
  schemas: SchemaWriter,
): readonly OwnMessage[] {
  if (presence === undefined) return [];
  const data = (side: "said" | "told", io: "input" | "output") =>
    schemas.own(`${prefix}.presence.${side}`, presence, io).or(z.null());
  return [
    {
      id: `${prefix}.presence`,
      type: "presence",
      by: "client",
      summary: CLIENT_WORDS.presence.summary,
      frame: z.object({
        type: z.literal("presence"),
        messageId: messageIdSchema.optional(),
        payload: z.object({ data: data("said", "input") }),
      }),
    },
    {
      id: `${prefix}.user_updated`,
      type: "user_updated",
      by: "server",
      summary: SERVER_WORDS.user_updated.summary,
      frame: z.object({
        type: z.literal("user_updated"),
        timestamp: timestampSchema,
        payload: userSchema.extend({ data: data("told", "output") }),
      }),
    },
  ];
}

/** How far people have read, in rooms of a kind whose contract has that kept. */
function receiptsOf({ prefix, receipts }: AnyContract): readonly OwnMessage[] {
  if (!receipts) return [];
  const { read_messages: payload } = payloadSchemas(DEFAULT_LIMITS.contentChars);
  return [
    {
      id: `${prefix}.read_messages`,
      type: "read_messages",
      by: "client",
      summary: CLIENT_WORDS.read_messages.summary,
      frame: z.object({
        type: z.literal("read_messages"),
        messageId: messageIdSchema.optional(),
        payload,
      }),
    },
    {
      id: `${prefix}.messages_read`,
      type: "messages_read",
      by: "server",
      summary: SERVER_WORDS.messages_read.summary,
      frame: serverFrame("messages_read"),
    },
  ];
}

/** How the room stands, where the contract has a state. */
function stateMessages(
  { prefix, state }: AnyContract,
  schemas: SchemaWriter,
): readonly OwnMessage[] {
  if (state === undefined) return [];
  const frame = z.object({
    type: z.literal("state"),
    timestamp: timestampSchema,
    payload: z.object({
      state: schemas.own(`${prefix}.state.told`, state, "output"),
      seq: z.int().min(0),
    }),
  });
  return [{ id: `${prefix}.state`, type: "state", by: "server", summary: OWN_WORDS.state, frame }];
}

/** A question and its answer, where the contract has queries. */
function queryMessages({ prefix, queries }: AnyContract, schemas: SchemaWriter) {
  const all = Object.entries(queries);
  if (all.length === 0) return [];
  const asked = all.map(([name, { input }]) =>
    z.object({
      name: z.literal(name),
      input: schemas.own(`${prefix}.${name}.input`, input, "input"),
    }),
  );
  const outputs = all.map(([name, { output }]) =>
    schemas.own(`${prefix}.${name}.output`, output, "output"),
  );
  const query: OwnMessage = {
    id: `${prefix}.query`,
    type: "query",
    by: "client",
    summary: OWN_WORDS.query,
    frame: z.object({
      type: z.literal("query"),
      messageId: messageIdSchema,
      payload: z.union(asked),
    }),
  };
  const [, refused] = ownServerSchemas.answer.options;
  const answer: OwnMessage = {
    id: `${prefix}.answer`,
    type: "answer",
    by: "server",
    summary: OWN_WORDS.answer,
    isSocketOnly: true,
    frame: z.object({
      type: z.literal("answer"),
      messageId: messageIdSchema,
      timestamp: timestampSchema,
      payload: z.union([z.object({ success: z.literal(true), output: z.union(outputs) }), refused]),
    }),
  };
  return [query, answer];
}

function operation(action: "receive" | "send", channel: string, id: string, summary: string) {
  return {
    action,
    channel: { $ref: `#/channels/${channel}` },
    summary,
    messages: [{ $ref: `#/channels/${channel}/messages/${id}` }],
  };
}

function answered(channel: string, said: string): object {
  const replies = said === "query" ? [`${channel}.answer`, "error"] : ["ack", "error"];
  const messages = replies.map((type) => ({
    $ref: `#/channels/${channel}/messages/${type}`,
  }));
  return { reply: { channel: { $ref: `#/channels/${channel}` }, messages } };
}

function referring(ids: readonly string[]): object {
  return Object.fromEntries(ids.map((id) => [id, { $ref: `#/components/messages/${id}` }]));
}
