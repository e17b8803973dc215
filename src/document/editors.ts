import type { Editor } from "../protocol/document-admission.ts";
import { EDITOR_BOUNDS } from "../protocol/editor-limits.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { FULL_RETRY_MS, ROOM_FULL, TOKEN_EXPIRED } from "../protocol/refusals.ts";
import type { DocumentLimits } from "../protocol/settings.ts";
import { Buckets } from "../room/quota/buckets.ts";
import type { Connection } from "./connection.ts";

const TOO_MANY_FROM_ADDRESS = refusal(
  "too_many_connections",
  "There are too many connections from one address. Try again later.",
  FULL_RETRY_MS,
);

const TOO_MANY_OF_USER = refusal(
  "too_many_connections",
  "You have this document open too often. Close it elsewhere.",
  FULL_RETRY_MS,
);

/** Who is in a document, and who may come in. */
export class Editors {
  readonly #limits: DocumentLimits;
  readonly #connections = new Map<string, Connection>();
  readonly #joins: Buckets | undefined;

  constructor(limits: DocumentLimits) {
    this.#limits = limits;
    const { joinsPerMinute } = limits;
    if (joinsPerMinute > 0) {
      this.#joins = new Buckets({ perSecond: joinsPerMinute / 60, burst: joinsPerMinute });
    }
  }

  get size(): number {
    return this.#connections.size;
  }

  get(id: string): Connection | undefined {
    return this.#connections.get(id);
  }

  all(): Iterable<Connection> {
    return this.#connections.values();
  }

  /** Counts a try to come in; why it may not be, `undefined` when it may. */
  refuses(editor: Editor, now: number): Refusal | undefined {
    if (editor.expiresAt <= now) return TOKEN_EXPIRED;
    const joins = this.#joins?.take(editor.userId, now);
    if (joins?.allowed === false) {
      const message = "You came into this document too often; wait and come back.";
      return refusal("rate_limited", message, joins.retryAfterMs);
    }
    if (this.#connections.size >= EDITOR_BOUNDS.connections) return ROOM_FULL;
    const { connectionsPerIp, connectionsPerUser } = this.#limits;
    const fromAddress = this.#count((other) => other.editor.address === editor.address);
    if (connectionsPerIp > 0 && fromAddress >= connectionsPerIp) return TOO_MANY_FROM_ADDRESS;
    if (connectionsPerUser === 0) return undefined;
    const ofUser = this.#count((other) => other.editor.userId === editor.userId);
    if (ofUser < connectionsPerUser || this.silent(editor, now) !== undefined) return undefined;
    return TOO_MANY_OF_USER;
  }

  /**
   * The user's own longest-silent connection, when one more is too many. Only one that lives no more, as
   * like as not, gives way: a client that does would come back, and another had to.
   */
  silent({ userId }: Editor, now: number): Connection | undefined {
    const { connectionsPerUser } = this.#limits;
    const theirs = [...this.all()].filter((other) => other.editor.userId === userId);
    if (connectionsPerUser === 0 || theirs.length < connectionsPerUser) return undefined;
    const [longest] = theirs.sort((a, b) => a.heardAt - b.heardAt);
    if (longest === undefined || now - longest.heardAt < EDITOR_BOUNDS.silentMs) return undefined;
    return longest;
  }

  add(connection: Connection): void {
    this.#connections.set(connection.id, connection);
  }

  remove(id: string): void {
    this.#connections.delete(id);
  }

  #count(which: (connection: Connection) => boolean): number {
    let count = 0;
    for (const connection of this.#connections.values()) if (which(connection)) count += 1;
    return count;
  }
}
