import type { z } from "zod";
import { issuesRefusal } from "../protocol/client-frame-schema.ts";
import { ProtocolError } from "../protocol/error.ts";
import { isJson } from "../protocol/json.ts";
import { parseRoomName, type RoomName } from "../protocol/room-name.ts";

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
  const bytes = await readBytes(request, maxBytes);
  const value = parseJson(bytes);
  if (!isJson(value)) throw new ProtocolError("invalid_request", "The body is not plain JSON.");
  return check(schema, value);
}

/** Reads a request's query through a schema; throws `invalid_request`. */
export function readQuery<T extends z.ZodType>(schema: T, request: Request): z.output<T> {
  return check(schema, Object.fromEntries(new URL(request.url).searchParams));
}

/** Checks a value; throws `invalid_request` or `too_large` with what was wrong. */
export function check<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { code, message } = issuesRefusal(parsed.error, "invalid_request");
  throw new ProtocolError(code, message);
}

/** A chat room's name from a path; throws `invalid_request`, or `not_found` for another kind. */
export function chatRoom(name: string): RoomName {
  const room = parseRoomName(name);
  if (room.kind === "chat") return room;
  throw new ProtocolError("not_found", `This server does not serve rooms of kind "${room.kind}".`);
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
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
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes));
  } catch {
    throw new ProtocolError("invalid_request", "The body is not valid JSON.");
  }
}
