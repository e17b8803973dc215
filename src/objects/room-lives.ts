import { CLOSES } from "../protocol/close.ts";
import { ProtocolError, refusal } from "../protocol/error.ts";
import type { Imported } from "../protocol/http-answer.ts";
import type { Keepsake } from "../protocol/kept-session.ts";
import { ROOM_DELETED } from "../protocol/refusals.ts";
import type { RoomResult } from "./room-api.ts";
import { IMPORT_FAILED, IMPORT_RUNNING, importRoom } from "./room-import.ts";
import { assembleRoom, type Closed, type RoomParts, type RoomPlace } from "./room-parts.ts";
import { keepsakeOf } from "./session-sockets.ts";

const NOT_EMPTY = refusal(
  "conflict",
  "This room is not empty. Delete it first, or import into another name.",
);

const DELETED_MEANWHILE = new ProtocolError(
  "conflict",
  "The room was deleted while it was imported. Nothing of the import was kept.",
);

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
  readonly #place: RoomPlace;
  #parts: RoomParts;
  #import: Import | undefined;

  constructor(place: RoomPlace) {
    this.#place = place;
    this.#parts = this.#assemble(undefined, keepsakeOf(place.host.sockets));
  }

  /** The parts of the life that is lived now. */
  get parts(): RoomParts {
    return this.#parts;
  }

  /**
   * Ends a life that is over, and leaves nothing behind.
   *
   * @param isErased whether it ends although it was not over.
   */
  async #end(now: number, isErased = false): Promise<void> {
    const { store, reporter } = this.#parts;
    const { ctx, host } = this.#place;
    const { isWritten } = store;
    ctx.waitUntil(reporter.settle(now));
    const erased = host.erase(isWritten);
    if (isWritten || isErased) {
      store.close();
      this.#begin();
    }
    await erased;
  }

  /** Ends the room's life at the backend's word, and breaks an import off. */
  async #erase(): Promise<void> {
    if (this.#import !== undefined) {
      this.#import.control.abort(DELETED_MEANWHILE);
      await this.#import.over;
    }
    const now = Date.now();
    const { guest, room } = this.#parts;
    guest.told(room.end(ROOM_DELETED, CLOSES.deleted, now));
    await this.#end(now, true);
  }

  /**
   * Takes an export in, whole or not at all; until then the room is closed. An import that ends with
   * the life of this object is found by the next one, which the alarm sees to.
   */
  async #restore(lines: ReadableStream<Uint8Array>): Promise<RoomResult<Imported>> {
    await this.#settled();
    const now = Date.now();
    const { room, guest } = this.#parts;
    if (guest.closed !== undefined) return { ok: false, error: guest.closed };
    if (!room.isBlank(now)) return { ok: false, error: NOT_EMPTY };
    guest.told(room.end(IMPORT_RUNNING, CLOSES.importing, now));
    const erased = this.#end(now, true);
    this.#begin({ why: IMPORT_RUNNING, isErasable: true });
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
    const { ctx, host } = this.#place;
    try {
      await Promise.all([erased, host.lookAgain(Date.now())]);
      const value = await importRoom(lines, closed, ctx.storage, signal);
      this.#begin();
      // A timer may be due, or the time of its history over: the room looks at once what is.
      this.#parts.guest.inherit(Date.now());
      return { ok: true, value };
    } catch (error) {
      await host.erase(true);
      this.#begin();
      if (error instanceof ProtocolError) return { ok: false, error: error.refusal };
      journal.error("import", error);
      return { ok: false, error: IMPORT_FAILED };
    } finally {
      this.#import = undefined;
    }
  }

  /** Settles all that waits: while a flush is told in part, another settles nothing. */
  async #settled(): Promise<void> {
    const { host } = this.#place;
    while (this.#parts.room.isTelling) {
      host.turns.flush();
      await host.written();
    }
    host.turns.flush();
  }

  /** Begins a life of the room on what is stored, unless it is closed. */
  #begin(closed?: Closed): void {
    this.#parts = this.#assemble(closed);
  }

  #assemble(closed?: Closed, keepsake?: Keepsake): RoomParts {
    return assembleRoom(
      this.#place,
      {
        end: (now) => this.#end(now),
        erase: () => this.#erase(),
        restore: (lines) => this.#restore(lines),
      },
      { closed, keepsake },
    );
  }
}
