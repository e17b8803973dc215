import type * as z from "zod";
import type { RequestKey } from "../protocol/client-frame.ts";
import { ProtocolError } from "../protocol/error.ts";
import { messageIdSchema } from "../protocol/field-schema.ts";
import { inputQuerySchema, sentAtQuerySchema } from "../protocol/http.ts";
import { issueWords } from "../protocol/issue-words.ts";
import { type Json, payloadProblem } from "../protocol/json.ts";
import { BOUNDS } from "../protocol/limits.ts";
import { parseRoomName } from "../protocol/parse-room-name.ts";
import type { RoomName } from "../protocol/room-name.ts";
import { issuesRefusal, jsonRefusal } from "../protocol/schema-refusal.ts";

/**
 * Reads a request's JSON body of at most `maxBytes` through a schema.
 *
 * @throws {ProtocolError} `too_large` or `invalid_request`.
 */
export async function readBody<T extends z.ZodType>(
  schema: T,
  request: Request,
  maxBytes: number,
): Promise<z.output<T>> {
  return check(schema, await readJson(request, maxBytes), "the body");
}

/** As {@link readBody}, of a request that may have none: that is an empty object then. */
export async function readBodyIfAny<T extends z.ZodType>(
  schema: T,
  request: Request,
  maxBytes: number,
): Promise<z.output<T>> {
  const bytes = await readBytes(request, maxBytes);
  return check(schema, bytes.length === 0 ? {} : bodyIn(bytes), "the body");
}

/**
 * Reads a request's JSON body of at most `maxBytes`, whatever it is.
 *
 * @throws {ProtocolError} `too_large` or `invalid_request`.
 */
export async function readJson(request: Request, maxBytes: number): Promise<Json> {
  return bodyIn(await readBytes(request, maxBytes));
}

function bodyIn(bytes: Uint8Array): Json {
  const value = parseJson(bytes);
  const problem = payloadProblem(value);
  // What has no problem is JSON.
  if (problem === undefined) return value as Json;
  throw ProtocolError.of(jsonRefusal(problem, "invalid_request", "body"));
}

/**
 * The JSON that a request's query says as `input`; `undefined` when there is none.
 *
 * @throws {ProtocolError} `invalid_request`.
 */
export function readInput(request: Request): Json | undefined {
  const { input } = readQuery(inputQuerySchema, request);
  if (input === undefined) return undefined;
  const value = jsonIn(input, "input");
  const problem = payloadProblem(value);
  if (problem === undefined) return value as Json;
  throw ProtocolError.of(jsonRefusal(problem, "invalid_request", "input"));
}

const urls = new WeakMap<Request, URL>();

/** A request's address, parsed once whoever asks for a part of it. */
export function urlOf(request: Request): URL {
  const known = urls.get(request);
  if (known !== undefined) return known;
  const url = new URL(request.url);
  urls.set(request, url);
  return url;
}

/**
 * Reads a request's query through a schema. Of a parameter that is given twice neither counts: one
 * part of a system would take the first, and another the last.
 *
 * @throws {ProtocolError} `invalid_request`.
 */
export function readQuery<T extends z.ZodObject>(schema: T, request: Request): z.output<T> {
  const { searchParams } = urlOf(request);
  const repeated = Object.keys(schema.shape).find((name) => searchParams.getAll(name).length > 1);
  if (repeated !== undefined) {
    throw new ProtocolError("invalid_request", `${repeated}: must be given once`);
  }
  return check(schema, Object.fromEntries(searchParams), "the query");
}

/**
 * Checks a value of this name; throws `invalid_request` or `too_large` with what was wrong.
 */
export function check<T extends z.ZodType>(schema: T, value: unknown, name: string): z.output<T> {
  const parsed = schema.safeParse(value, { error: issueWords });
  if (parsed.success) return parsed.data;
  throw ProtocolError.of(issuesRefusal(parsed.error, "invalid_request", name));
}

/**
 * The room that a path names.
 *
 * @param value the parameter of the path, or what is made of one.
 * @throws {ProtocolError} `invalid_request`.
 */
export function logRoom(request: Request, value: string | undefined): RoomName {
  return parseRoomName(pathParam(request, value));
}

/**
 * A parameter of the path as Hono has decoded it. Hono leaves alone what it cannot decode, and a
 * moderator's typo would look like a user.
 *
 * @throws {ProtocolError} `invalid_request` for malformed percent-encoding.
 */
export function pathParam(request: Request, value: string | undefined): string {
  if (isDecodable(urlOf(request).pathname)) return value ?? "";
  throw new ProtocolError("invalid_request", "The path's percent-encoding is malformed.");
}

/**
 * What names a request, so that the same one sent again is stored once (RFC draft "The
 * Idempotency-Key HTTP Header Field"); a request without a key is like no other.
 *
 * @param inBody the key that the body has, for what a header cannot carry.
 * @throws {ProtocolError} `invalid_request`.
 */
export function requestKey(request: Request, inBody?: string): RequestKey {
  const { sentAt } = readQuery(sentAtQuerySchema, request);
  return { messageId: idempotencyKey(request) ?? inBody ?? crypto.randomUUID(), sentAt };
}

function idempotencyKey(request: Request): string | undefined {
  const parsed = messageIdSchema
    .optional()
    .safeParse(request.headers.get("Idempotency-Key") ?? undefined);
  if (parsed.success) return parsed.data;
  throw new ProtocolError(
    "invalid_request",
    `An Idempotency-Key is 1 to ${BOUNDS.messageIdChars} characters.`,
  );
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads a request's body of at most `maxBytes`.
 *
 * @throws {ProtocolError} `too_large`.
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = new ProtocolError("too_large", `The body is at most ${maxBytes} bytes.`);
  if (Number(request.headers.get("Content-Length") ?? 0) > maxBytes) throw tooLarge;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge;
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function parseJson(bytes: Uint8Array): unknown {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new ProtocolError("invalid_request", "The body is not valid JSON.");
  }
  return jsonIn(text, "The body");
}

function jsonIn(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProtocolError("invalid_request", `${name} is not valid JSON.`);
  }
}
