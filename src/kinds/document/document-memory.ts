import type { Cursor } from "../../protocol/cursor.ts";
import { DOCUMENT_BOUNDS } from "../../protocol/document-limits.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import type { Json } from "../../protocol/json.ts";
import { utf8Bytes } from "../../protocol/utf8.ts";
import type { Actor } from "../../room/actor.ts";
import type { Connection } from "../../room/connections/connection.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type { Greeted, KindGreeting, KindMemory, KindPorts } from "../../room/hooks/kind.ts";
import type { LogEvent } from "../../room/log/log.ts";
import { goesOnFrom, type Resumption } from "../../room/log/resume.ts";
import { Buckets } from "../../room/quota/buckets.ts";
import { Cursors } from "./cursors.ts";
import { Missed } from "./missed.ts";
import { SqlSnapshot } from "./sql-snapshot.ts";
import { SqlVersions } from "./sql-versions.ts";
import { Tail } from "./tail.ts";
import { Waiting } from "./waiting.ts";

/** What a document keeps in memory, and what its decisions look at: what the same flush did before included. */
export class DocumentMemory implements KindMemory {
  readonly places: SqlVersions;
  readonly cursors: Cursors;
  readonly tail: Tail;
  readonly missed: Missed;
  readonly waiting = new Waiting();
  readonly #ports: KindPorts;
  readonly #snapshot: SqlSnapshot;
  #quota = changesQuota();
  /** When what the snapshot stands for may go. */
  #trimAt: number | undefined;

  constructor(ports: KindPorts) {
    const { store } = ports;
    this.#ports = ports;
    this.places = new SqlVersions(store.tables, store.log);
    this.cursors = new Cursors(ports);
    this.#snapshot = new SqlSnapshot(store.tables);
    this.tail = new Tail(store.log, this.#snapshot);
    this.missed = new Missed(store.log, this.places);
  }

  /** How many changes the document has. */
  get version(): number {
    return this.places.placeOf(this.#ports.store.log.head);
  }

  /** The version before the oldest change that the log still has. */
  get firstVersion(): number {
    return this.places.placeOf(this.#ports.store.log.oldest - 1);
  }

  connection(id: string | undefined): Connection | undefined {
    return id === undefined ? undefined : this.#ports.connections.get(id);
  }

  /** Why an actor may not add so many changes now. */
  refusesChanges(
    { userId, connectionId, backend }: Actor,
    count: number,
    now: number,
  ): Refusal | undefined {
    if (backend === true) return undefined;
    const { allowed, retryAfterMs } = this.#quota.try(connectionId ?? userId, now, count);
    if (allowed) return undefined;
    const { changesPerSecond } = DOCUMENT_BOUNDS;
    const message = `A connection may make ${changesPerSecond} changes a second. Slow down.`;
    return refusal("rate_limited", message, retryAfterMs);
  }

  /** Counts changes against their sender's quota. */
  spend({ userId, connectionId, backend }: Actor, count: number, now: number): void {
    if (backend !== true) this.#quota.take(connectionId ?? userId, now, count);
  }

  /** Stores a snapshot after an event, in the place of the one before. */
  keepSnapshot(version: number, seq: number, snapshot: Json, now: number): void {
    this.#snapshot.save(version, seq, snapshot);
    this.tail.begins(seq);
    this.#trimAt = now;
  }

  begin(): void {
    this.missed.begin();
    this.waiting.begin();
  }

  owes(): readonly Telling[] {
    return this.missed.tellings();
  }

  appended({ payload }: LogEvent): void {
    this.tail.grows(utf8Bytes(payload));
  }

  rolledBack(): void {
    this.tail.forget();
    this.waiting.rolledBack();
    // What was spent on changes that never were comes back.
    this.#quota = changesQuota();
  }

  /** Also those are told of the log who come for the first time: the changes since the snapshot. */
  resume(cursor: Cursor | undefined, inPages: boolean): Resumption {
    const { log } = this.#ports.store;
    const seen = this.#seenBy(cursor);
    if (seen !== undefined) return { recovered: true, missed: { after: seen, upTo: log.head } };
    if (inPages) return { recovered: false, missed: undefined };
    return { recovered: false, missed: { after: this.tail.begin, upTo: log.head } };
  }

  greet({ recovered, after }: Greeted): KindGreeting {
    const isToldWhole = !recovered && after === this.tail.begin;
    const snapshot = isToldWhole ? this.#snapshot.text() : "null";
    const fields = { version: this.version, from: this.places.placeOf(after) };
    const text = `"cursors":${this.cursors.text()},"snapshot":${snapshot}`;
    return { fields, history: [], text };
  }

  whole(): string {
    return `"version":${this.version},"snapshot":${this.#snapshot.text()}`;
  }

  waitingSince(actor: Actor): number | undefined {
    return this.waiting.since(actor.connectionId);
  }

  left(connection: Connection, now: number): readonly Telling[] {
    this.waiting.left(connection.id);
    return this.cursors.left(connection, now);
  }

  upkeep(): void {
    this.#trimAt = undefined;
  }

  wakeAt(): number | undefined {
    return this.#trimAt;
  }

  /** A change is part of the document until a snapshot stands for it, whatever is set for history. */
  keepsFrom(): number {
    return Math.max(0, this.tail.begin + 1 - DOCUMENT_BOUNDS.eventsKept);
  }

  /** Nor does a document go because nobody has changed it for long. */
  livesUntil(): number {
    return this.version > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  #seenBy(cursor: Cursor | undefined): number | undefined {
    const seq = cursor === undefined ? undefined : this.places.seqAt(cursor.seq);
    if (cursor === undefined || seq === undefined) return undefined;
    return goesOnFrom(this.#ports.store.log, { ...cursor, seq }) ? seq : undefined;
  }
}

function changesQuota(): Buckets {
  const { changesPerSecond, changesBurst } = DOCUMENT_BOUNDS;
  return new Buckets({ perSecond: changesPerSecond, burst: changesBurst });
}
