import { SchemaWriter } from "../../src/edge/openapi/json-schema.ts";
import { BUILT_IN } from "../../src/kinds/built-in.ts";
import type { ExtendedKind } from "../../src/kinds/extension.ts";
import type { JsonSchema } from "../../src/kinds/json-schema.ts";
import { CLOSE_CODES } from "../../src/protocol/close-code.ts";
import { DOCUMENT_BOUNDS } from "../../src/protocol/document-limits.ts";
import { ERROR_CODES, type ErrorCode } from "../../src/protocol/error.ts";
import { OWN_CLIENT_FRAMES, OWN_SERVER_FRAMES } from "../../src/protocol/frames/own.ts";
import { ownClientSchemas, ownServerSchemas } from "../../src/protocol/frames/own-schema.ts";
import type { ClientFrameRow, ServerFrameRow } from "../../src/protocol/frames/row.ts";
import { CLIENT_FRAMES, SERVER_FRAMES } from "../../src/protocol/frames.ts";
import { GAME_BOUNDS } from "../../src/protocol/game-limits.ts";
import { BOUNDS } from "../../src/protocol/limits.ts";
import { payloadSchemas } from "../../src/protocol/payload-schema.ts";
import { closeCodeFor } from "../../src/protocol/refusal-close.ts";
import { SERVER_PAYLOADS } from "../../src/protocol/server-frame-schema.ts";
import { DEFAULT_LIMITS } from "../../src/protocol/settings.ts";

/** The bounds that a client can run into; the others are the server's own housekeeping. */
const TOLD = [
  "userIdChars",
  "userNameChars",
  "messageIdChars",
  "mentions",
  "messageDataBytes",
  "emojiChars",
  "emojiPerMessage",
  "reactionsPerMessage",
  "editsPerMessage",
  "publishEventChars",
  "publishDataBytes",
  "presenceDataBytes",
  "topicEvents",
  "notificationTypeChars",
  "notificationTitleChars",
  "notificationBodyChars",
  "notificationUrlChars",
  "notificationDataBytes",
  "notificationIds",
  "dataDepth",
  "badFramesInARow",
  "dedupeWindowMs",
  "historyDefault",
  "historyMax",
  "usersOnJoin",
  "readsOnJoin",
  "resumeBytes",
  "streamCommentMs",
  "streamRetryMs",
  "pollWaitMaxSeconds",
  "pollPageChars",
  "typingExpiresMs",
  "heartbeatGraceMs",
  "clockLeewaySeconds",
  "tokenChars",
  "tokenTtlDefaultSeconds",
  "tokenTtlMaxSeconds",
  "guestReturnSeconds",
  "banMaxSeconds",
] as const satisfies readonly (keyof typeof BOUNDS)[];

/** The tables of the protocol's page, by the name of their mark. */
export function protocolTables(): Readonly<Record<string, string>> {
  const schemas = new SchemaWriter();
  return {
    "client-frames": clientFrames(schemas),
    "server-frames": `${serverFrames(schemas)}\n\n${shapes(schemas)}`,
    "error-codes": errorCodes(),
    "close-codes": table(
      ["code", "meaning", "then"],
      Object.entries(CLOSE_CODES).map(([name, { code, reconnect }]) => [
        String(code),
        spaced(name),
        `\`${reconnect}\``,
      ]),
    ),
    bounds: table(
      ["bound", "value"],
      TOLD.map((name) => [spaced(name), BOUNDS[name].toLocaleString("en")]),
    ),
    "document-bounds": table(
      ["bound of a document", "value"],
      Object.entries(DOCUMENT_BOUNDS).map(([name, value]) => [
        spaced(name),
        value.toLocaleString("en"),
      ]),
    ),
    "game-bounds": table(
      ["bound of a game", "value"],
      Object.entries(GAME_BOUNDS).map(([name, value]) => [
        spaced(name),
        value.toLocaleString("en"),
      ]),
    ),
    settings: table(
      ["setting", "default"],
      Object.entries(DEFAULT_LIMITS).map(([name, value]) => [
        spaced(name),
        value.toLocaleString("en"),
      ]),
    ),
  };
}

function clientFrames(schemas: SchemaWriter): string {
  const payloads: Readonly<Record<string, Parameters<SchemaWriter["body"]>[0]>> = {
    ...payloadSchemas(DEFAULT_LIMITS.contentChars),
    ...ownClientSchemas,
  };
  const all: Readonly<Record<string, ClientFrameRow>> = { ...CLIENT_FRAMES, ...OWN_CLIENT_FRAMES };
  const rows = Object.entries(all).map(([type, row]) => {
    const payload = payloads[type];
    return [
      `\`${type}\``,
      Object.hasOwn(OWN_CLIENT_FRAMES, type)
        ? "own"
        : kindsWith(({ commands }) => Object.hasOwn(commands, type)),
      row.backendOnly === true ? "API key" : (row.needs?.join(" or ") ?? ""),
      row.durable === true ? "yes" : "",
      payload === undefined ? "" : code(shape(schemas.body(payload))),
      row.tells?.map((told) => `\`${told}\``).join(", ") ?? "",
      row.http === undefined ? "" : `\`${row.http.method} ${row.http.path}\` → ${row.http.status}`,
    ];
  });
  return table(["type", "kinds", "grant", "stored", "payload", "told", "over HTTP"], rows);
}

function serverFrames(schemas: SchemaWriter): string {
  const payloads: Readonly<Record<string, Parameters<SchemaWriter["body"]>[0]>> = {
    ...SERVER_PAYLOADS,
    ...ownServerSchemas,
  };
  const all: Readonly<Record<string, ServerFrameRow>> = { ...SERVER_FRAMES, ...OWN_SERVER_FRAMES };
  const rows = Object.entries(all).map(([type, row]) => {
    const payload = payloads[type];
    return [
      `\`${type}\``,
      Object.hasOwn(OWN_SERVER_FRAMES, type)
        ? "own"
        : kindsWith(({ events, signals }) => type in events || type in signals),
      row.durable === true ? "yes" : "",
      row.socketOnly === true ? "WebSocket" : "all",
      payload === undefined ? "" : code(shape(schemas.body(payload))),
    ];
  });
  return table(["type", "kinds", "event of the log", "carried by", "payload"], rows);
}

/** The kinds whose contracts have something; what none has is every kind's. */
function kindsWith(has: (contract: ExtendedKind["contract"]) => boolean): string {
  const named = BUILT_IN.map(({ contract }) => contract).filter(has);
  return named.map(({ name }) => name).join(", ") || "all";
}

/** What the payloads name. */
function shapes(schemas: SchemaWriter): string {
  const named = Object.entries(schemas.components).map(([name, schema]) => [
    `\`${name}\``,
    code(shape(schema)),
  ]);
  return table(["name", "is"], named);
}

function errorCodes(): string {
  const rows = Object.entries(ERROR_CODES).map(([name, { status, retryable }]) => [
    `\`${name}\``,
    String(status),
    retryable ? "yes" : "",
    String(closeCodeFor(name as ErrorCode)),
  ]);
  return table(["error", "status", "retryable", "closes with"], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return lines.join("\n").replaceAll(/ +\|/g, " |");
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

/** `heartbeatGraceMs` in words, its unit in brackets. */
function spaced(name: string): string {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.replace(/ (ms|bytes|chars|seconds)$/, " ($1)");
}

/** A schema in one line. */
function shape(schema: JsonSchema): string {
  const { $ref, anyOf, oneOf, type, enum: values, const: only } = schema;
  if (typeof $ref === "string") return $ref.slice($ref.lastIndexOf("/") + 1);
  const either = (anyOf ?? oneOf) as readonly JsonSchema[] | undefined;
  if (either !== undefined) return [...new Set(either.map(shape))].join(" | ");
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(" | ");
  if (only !== undefined) return JSON.stringify(only);
  switch (type) {
    case "object":
      return objectShape(schema);
    case "array":
      return `[${shape((schema["items"] ?? {}) as JsonSchema)}]${atMost(schema["maxItems"])}`;
    case "string":
      return schema["format"] === "date-time" ? "time" : `text${atMost(schema["maxLength"])}`;
    case "integer":
    case "number":
    case "boolean":
      return type;
    default:
      return "any JSON";
  }
}

function objectShape({ properties, required = [], additionalProperties }: JsonSchema): string {
  if (properties === undefined)
    return `{text: ${shape((additionalProperties ?? {}) as JsonSchema)}}`;
  const fields = Object.entries(properties as Record<string, JsonSchema>);
  const told = fields.map(([name, field]) => {
    const mark = (required as readonly string[]).includes(name) ? "" : "?";
    return `${name}${mark}: ${shape(field)}`;
  });
  return `{${told.join(", ")}}`;
}

function atMost(bound: unknown): string {
  return typeof bound === "number" ? ` ≤ ${bound.toLocaleString("en")}` : "";
}
