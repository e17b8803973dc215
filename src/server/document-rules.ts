import type { Rules } from "../contract/rules.ts";
import { documentContract } from "../kinds/document/contract.ts";
import { VERSION_KEPT, type VersionCause } from "../objects/document-tidings.ts";
import { type AuthorizeRule, checkedRules, type StoredRules } from "./kind-rules.ts";

/** A version of a Yjs document that was kept, as a rule is told it. */
export interface KeptVersion {
  /** The number by which it is restored, how it came (before a `restore` what was there is kept), and its label. */
  readonly data: { readonly id: number; readonly cause: VersionCause; readonly label?: string };
  /** Who asked for it, or for the restore; `system` when it came by itself. */
  readonly actorId: string;
  /** The same as its id. */
  readonly seq: number;
  /** ISO 8601. */
  readonly timestamp: string;
  /** The same each time that the rule is run for this version. */
  readonly key: string;
  /** The document's room, `document:<x>`. */
  readonly room: string;
  readonly env: Cloudflare.Env;
}

/** What a team decides of documents. `before`, `review` and `remote_change` are about those in JSON. */
export interface DocumentRules {
  /** Who may be in a document, in JSON or of Yjs, by whatever way they come; its room is `document:<x>`. */
  readonly authorize?: AuthorizeRule;
  /**
   * By what clients send, in the flush: refuse it, or put something in its place. A client that is told
   * its own change otherwise than it made it must be one that takes what it is told.
   */
  readonly before?: NonNullable<Rules<typeof documentContract>["before"]>;
  /** By what clients send, before it is queued: a look elsewhere. */
  readonly review?: NonNullable<Rules<typeof documentContract>["review"]>;
  /** By what was stored, after the commit: at least once, with the same `key`, for a day. */
  readonly after?: StoredRules<typeof documentContract> & {
    /** A version of a Yjs document was kept: by itself, because somebody asked for it, or before a restore. */
    readonly version?: (kept: KeptVersion) => Promise<void>;
  };
}

/**
 * Holds rules on documents to what is heeded.
 *
 * @throws {TypeError} that names what is not.
 */
export function checkedDocument(rules: DocumentRules = {}): DocumentRules {
  const { name, events } = documentContract;
  const stored = { name, events: { ...events, version: VERSION_KEPT } };
  return checkedRules(stored, rules, ["authorize", "before", "review", "after"]);
}

/** Rules that run after something of documents was stored, by what that is called outside of them. */
export function afterDocuments({
  version,
  ...changes
}: NonNullable<DocumentRules["after"]>): Readonly<Record<string, unknown>> {
  return version === undefined ? changes : { ...changes, [VERSION_KEPT]: version };
}
