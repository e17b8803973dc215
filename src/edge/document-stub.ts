import type { DocumentApi } from "../objects/document-api.ts";
import { ProtocolError } from "../protocol/error.ts";
import type { RoomName } from "../protocol/room-name.ts";
import { callObject } from "./call-object.ts";
import type { Env } from "./env.ts";

const NO_DOCUMENT =
  'No Durable Object is bound as DOCUMENT, which documents need. In wrangler.toml: [[durable_objects.bindings]] name = "DOCUMENT", class_name = "DocumentObject", and a [[migrations]] with new_sqlite_classes = ["DocumentObject"]. `npx hibiki doctor` names the lines.';

/** A document as the Worker sees it: RPC, and `fetch` for a WebSocket. */
export type DocumentStub = DocumentApi & Pick<Fetcher, "fetch">;

/**
 * Calls a document; see {@link callObject}.
 *
 * @throws {ProtocolError} `not_configured` where the deployment has no documents.
 */
export function callDocument<T>(
  { DOCUMENT: documents }: Env,
  { name }: RoomName,
  call: (stub: DocumentStub) => Promise<T>,
): Promise<T> {
  if (documents === undefined) throw new ProtocolError("not_configured", NO_DOCUMENT);
  return callObject("The document", (): DocumentStub => documents.getByName(name), call);
}
