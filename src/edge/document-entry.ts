import type { Context } from "hono";
import { documentContract } from "../kinds/document/contract.ts";
import type { Actor } from "../objects/room-api.ts";
import { ProtocolError } from "../protocol/error.ts";
import { parseRoomName } from "../protocol/parse-room-name.ts";
import { BACKEND_ONLY } from "../protocol/refusals.ts";
import type { RoomName } from "../protocol/room-name.ts";
import { requestActor } from "./caller.ts";
import type { AppEnv } from "./env.ts";

type DocumentContext = Context<AppEnv, string>;

/** A request about a document, and whose it is. */
export interface DocumentEntry {
  readonly document: RoomName;
  readonly actor: Actor;
}

/** The document that a path names, in the parameter that is named as their kind is. */
export function documentName(c: DocumentContext): RoomName {
  const { prefix, name } = documentContract;
  return parseRoomName(`${prefix}:${c.req.param(name)}`);
}

/** Who may do what is the document's to say; who it is, is ours. */
export async function enterDocument(c: DocumentContext): Promise<DocumentEntry> {
  const document = documentName(c);
  return { document, actor: await requestActor(c, document) };
}

/**
 * The same of what only the backend may ask.
 *
 * @throws {ProtocolError} `access_denied` for a user, whatever its token grants.
 */
export async function enterDocumentAsBackend(c: DocumentContext): Promise<DocumentEntry> {
  const entered = await enterDocument(c);
  if (entered.actor.backend === true) return entered;
  throw ProtocolError.of(BACKEND_ONLY);
}
