import type { DocumentOptions } from "./document-event.ts";
import { DocumentSession } from "./document-session.ts";
import { RealtimeError } from "./error.ts";
import type { SessionOptions } from "./room-session.ts";
import { SharedDocument } from "./shared-document.ts";

/** How a client enters what it shares between handles. */
export type Enter = (
  key: string,
  entry: Pick<SessionOptions, "name" | "wants">,
  begin: (options: SessionOptions) => DocumentSession,
) => DocumentSession;

const PREFIX = "document:";
/** As of a room, whose name is the longer by the prefix. */
const NAME = /^(?!\.{1,2}$)[\w.~:-]{1,119}$/;

/**
 * Opens a document: a file of its own, with Yjs, which is the application's.
 *
 * @throws {RealtimeError} `invalid_request` for what is no name, and `conflict` when it is open already
 * with another `Y.Doc` or `Awareness`; and what `enter` throws.
 */
export function openDocument(
  enter: Enter,
  of: string,
  { doc, awareness }: DocumentOptions = {},
): SharedDocument {
  const name = of.startsWith(PREFIX) ? of.slice(PREFIX.length) : of;
  if (!NAME.test(name)) {
    const message = "A document's name is 1 to 119 of A-Z a-z 0-9 . _ ~ : -.";
    throw RealtimeError.invalid("invalid_request", message);
  }
  if (doc !== undefined && awareness !== undefined && awareness.doc !== doc) {
    const message = "The awareness is of another Y.Doc.";
    throw RealtimeError.invalid("invalid_request", message);
  }
  const entry = { name: () => name, wants: {} };
  const session = enter(
    PREFIX + name,
    entry,
    (options) => new DocumentSession(options, { doc, awareness }),
  );
  if (
    (doc ?? session.doc) !== session.doc ||
    (awareness ?? session.awareness) !== session.awareness
  ) {
    const message = `${name} is open already, with another Y.Doc or Awareness.`;
    throw RealtimeError.invalid("conflict", message);
  }
  return new SharedDocument(name, session);
}
