import { CLOSE_REASONS } from "../protocol/close-reason.ts";
import { ProtocolError, type Refusal, refusal } from "../protocol/error.ts";
import type { Imported } from "../protocol/http-answer.ts";
import type { KindTable } from "../room/kind-table.ts";
import type { Flushed } from "../room/room.ts";
import type { Keepsake } from "./attachment.ts";
import type { RoomResult } from "./room-api.ts";
import { IMPORT_FAILED, IMPORT_RUNNING, importRoom } from "./room-import.ts";
import { assembleRoom, type RoomEnv, type RoomParts, type RoomSignals } from "./room-parts.ts";
import { keepsakeOf } from "./socket-registry.ts";

/** How long an alarm waits that found the room closed, in milliseconds. */
export const CLOSED_RETRY_MS = 60_000;

const NOT_EMPTY = refusal(
  "conflict",
  "This room is not empty. Delete it first, or import into another name.",
);

const DELETED_MEANWHILE = new ProtocolError(
  "conflict",
  "The room was deleted while it was imported. Nothing of the import was kept.",
);

/** What the lives of a room ask of the object. */
export interface LifeSignals extends Pick<RoomSignals, "queued" | "counted"> {
  /** Settles what waits, or tells more of it. */
  flush(): void;
}

/** An import under way. */
interface Import {
  readonly control: AbortController;
  readonly over: Promise<unknown>;
}

/**
 * The lives of one room, one after the other: what was written goes with the life that it belonged
 * to, and the name begins anew, with another epoch. Nothing of the old life may be in the new one's
 * memory, so all of its parts are built again; the object itself goes on, because ending it would
 * drop whatever else is on its way in or out.
 */
export class RoomLives {
  readonly #ctx: DurableObjectState;
  readonly #env: RoomEnv;
  readonly #kinds: KindTable;
  readonly #signals: LifeSignals;
  #parts: RoomParts;
  #import: Import | undefined;

  constructor(ctx: DurableObjectState, env: RoomEnv, kinds: KindTable, signals: LifeSignals) {
    this.#ctx = ctx;
    this.#env = env;
    this.#kinds = kinds;
    this.#signals = signals;
    this.#parts = this.#assemble(undefined, keepsakeOf(ctx));
  }

  /** The parts of the life that is lived now. */
  get parts(): RoomParts {
    return this.#parts;
  }

  /** Tells the log what a flush did. */
  told({ audits, failure }: Flushed): void {
    const { journal } = this.#parts;
    for (const audit of audits) journal.audited(audit);
    if (failure !== undefined) journal.error("flush", failure);
  }

  /**
   * Ends a life that is over, and leaves nothing behind, not even that there was an alarm.
   *
   * @param isErased whether it ends although it was not over.
   */
  async end(now: number, isErased = false): Promise<void> {
    const { store, alarm, reporter } = this.#parts;
    const isWritten = store.isWritten;
    const hasTrace = isWritten || alarm.hasTrace;
    this.#ctx.waitUntil(reporter.settle(now));
    alarm.clear();
    const { storage } = this.#ctx;
    // At once: what is written from here on belongs to the next life.
    const erased = hasTrace ? [storage.deleteAlarm(), storage.deleteAll()] : [];
    if (isWritten || isErased) {
      store.close();
      this.#begin();
    }
    await Promise.all(erased);
  }

  /** Ends the room's life at the backend's word, and breaks an import off. */
  async #erase(): Promise<void> {
    if (this.#import !== undefined) {
      this.#import.control.abort(DELETED_MEANWHILE);
      await this.#import.over;
    }
    const now = Date.now();
    const error = refusal("access_denied", "This room was deleted.");
    this.told(this.#parts.room.end(error, CLOSE_REASONS.deleted, now));
    await this.end(now, true);
  }

  /**
   * Takes an export in, whole or not at all; until then the room is closed. An import that ends with
   * the life of this object is found by the next one, which the alarm sees to.
   */
  async #restore(lines: ReadableStream<Uint8Array>): Promise<RoomResult<Imported>> {
    await this.#settled();
    const now = Date.now();
    const { room, refusal } = this.#parts;
    if (refusal !== undefined) return { ok: false, error: refusal };
    if (!room.isBlank(now)) return { ok: false, error: NOT_EMPTY };
    this.told(room.end(IMPORT_RUNNING, CLOSE_REASONS.importing, now));
    const erased = this.end(now, true);
    this.#begin(IMPORT_RUNNING);
    const control = new AbortController();
    const importing = this.#take(lines, erased, control.signal);
    this.#import = { control, over: importing };
    return importing;
  }

  async #take(
    lines: ReadableStream<Uint8Array>,
    erased: Promise<void>,
    signal: AbortSignal,
  ): Promise<RoomResult<Imported>> {
    const { store: closed, journal } = this.#parts;
    const { storage } = this.#ctx;
    await Promise.all([erased, storage.setAlarm(Date.now() + CLOSED_RETRY_MS)]);
    try {
      return { ok: true, value: await importRoom(lines, closed, storage, signal) };
    } catch (error) {
      await Promise.all([storage.deleteAlarm(), storage.deleteAll()]);
      if (error instanceof ProtocolError) return { ok: false, error: error.refusal };
      journal.error("import", error);
      return { ok: false, error: IMPORT_FAILED };
    } finally {
      this.#import = undefined;
      this.#begin();
    }
  }

  /** Settles all that waits: while a flush is told in part, another settles nothing. */
  async #settled(): Promise<void> {
    while (this.#parts.room.isTelling) {
      this.#signals.flush();
      await this.#ctx.storage.sync();
    }
    this.#signals.flush();
  }

  /** Begins a life of the room on what is stored, unless it is closed. */
  #begin(closed?: Refusal): void {
    this.#parts = this.#assemble(closed);
  }

  #assemble(closed?: Refusal, keepsake?: Keepsake): RoomParts {
    const { queued, counted } = this.#signals;
    const signals: RoomSignals = {
      queued,
      counted,
      erased: () => this.#erase(),
      restored: (lines) => this.#restore(lines),
    };
    return assembleRoom(this.#ctx, this.#env, this.#kinds, signals, { closed, keepsake });
  }
}
