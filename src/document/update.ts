import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { ByteReader, Malformed, readBytes } from "./byte-reader.ts";
import { type DeleteSet, readDeleteSet } from "./delete-set.ts";
import { isType, readContent } from "./item-content.ts";

/** Items of one client without a gap between them, from a clock to before another. */
export interface Run {
  readonly client: number;
  readonly from: number;
  readonly to: number;
}

/** What is known of an update (Yjs's first encoding) by reading it once, without a document. */
export interface Update {
  readonly bytes: Uint8Array;
  /** How many clients made its items. */
  readonly clients: number;
  /** In rising order of the clocks of each client. A merged update may have gaps. */
  readonly runs: readonly Run[];
  /** By client, how much must be there of it for items of others in this update to find what they refer to. */
  readonly needs: ReadonlyMap<number, number>;
  readonly deletes: DeleteSet;
  /** Where in the bytes the delete set begins. */
  readonly deletesAt: number;
}

export type CheckedUpdate =
  | { readonly ok: true; readonly update: Update }
  /** In plain words what is wrong with it. */
  | { readonly ok: false; readonly fault: string };

/**
 * The two bits of an item's first byte that say whether it has a left and a right neighbour, and the one
 * that says whether it stands under a name (yjs 13.6.33, src/utils/updates.js).
 */
const HAS_ORIGIN = 0x80;
const HAS_RIGHT_ORIGIN = 0x40;
const HAS_NAME = 0x20;
const CONTENT = 0x1f;
const GARBAGE = 0;
const GAP = 10;

/**
 * Reads an update, and refuses whatever would break a document that takes it in: what does not decode
 * to the last byte, and an item that refers to itself or to what the same client has yet to make. Yjs
 * decodes the latter and throws when it is applied; in a merged update all that is behind it is lost.
 *
 * Stricter than Yjs where it writes nothing such itself: clients in falling order and once each (or
 * merging loses items), no empty items, and clocks, clients and nesting that every decoder can hold.
 */
export function checkUpdate(bytes: Uint8Array): CheckedUpdate {
  const read = readBytes(bytes, (reader) => new UpdateReading(reader).read(bytes));
  return read.ok ? { ok: true, update: read.value } : read;
}

/** How an item says where it stands: in a root, in a shared type that it names, or beside an item of it. */
export type Standing = "root" | "in" | "beside";

/** Is told of each item that is read, with the item that it stands in or beside. */
export type ItemListener = (
  client: number,
  clock: number,
  isType: boolean,
  standing: Standing,
  toClient: number,
  toClock: number,
) => void;

/** Tells of each item of an update that was checked before. */
export function readItems(bytes: Uint8Array, listener: ItemListener): void {
  new UpdateReading(new ByteReader(bytes), listener).read(bytes);
}

class UpdateReading {
  readonly #reader: ByteReader;
  readonly #listener: ItemListener | undefined;
  readonly #runs: Run[] = [];
  readonly #needs = new Map<number, number>();
  /** What the reference names that was read last. */
  #toClient = 0;
  #toClock = 0;

  constructor(reader: ByteReader, listener?: ItemListener) {
    this.#reader = reader;
    this.#listener = listener;
  }

  read(bytes: Uint8Array): Update {
    let above = Number.POSITIVE_INFINITY;
    const clients = this.#reader.uint();
    if (clients > YJS_BOUNDS.clients) throw new Malformed("it names too many clients");
    for (let index = 0; index < clients; index++) above = this.#readClient(above);
    const deletesAt = this.#reader.at;
    const deletes = readDeleteSet(this.#reader);
    return { bytes, clients, runs: this.#runs, needs: this.#needs, deletes, deletesAt };
  }

  #readClient(above: number): number {
    const count = this.#reader.uint();
    const client = this.#reader.uint();
    if (client >= above) throw new Malformed("its clients are out of order");
    let from = this.#reader.uint();
    let clock = from;
    for (let index = 0; index < count; index++) {
      const info = this.#reader.byte();
      if (info === GAP) {
        this.#addRun(client, from, clock);
        clock = after(clock, this.#reader.uint());
        from = clock;
      } else {
        const length =
          (info & CONTENT) === GARBAGE ? this.#reader.uint() : this.#readItem(info, client, clock);
        clock = after(clock, length);
      }
    }
    this.#addRun(client, from, clock);
    return client;
  }

  #addRun(client: number, from: number, to: number): void {
    if (to > from) this.#runs.push({ client, from, to });
  }

  #readItem(info: number, client: number, clock: number): number {
    const standing = this.#readStanding(info, client, clock);
    const [toClient, toClock] = [this.#toClient, this.#toClock];
    const length = readContent(this.#reader, info & CONTENT);
    this.#listener?.(client, clock, isType(info & CONTENT), standing, toClient, toClock);
    return length;
  }

  #readStanding(info: number, client: number, clock: number): Standing {
    const hasOrigin = (info & HAS_ORIGIN) !== 0;
    if (hasOrigin) this.#readReference(client, clock);
    if ((info & HAS_RIGHT_ORIGIN) !== 0) {
      const [toClient, toClock] = [this.#toClient, this.#toClock];
      this.#readReference(client, clock);
      // Yjs puts an item into what its left neighbour stands in.
      if (hasOrigin) [this.#toClient, this.#toClock] = [toClient, toClock];
      return "beside";
    }
    if (hasOrigin) return "beside";
    const isInRoot = this.#reader.uint() === 1;
    if (isInRoot) this.#reader.text();
    else this.#readReference(client, clock);
    if ((info & HAS_NAME) !== 0) this.#reader.text();
    return isInRoot ? "root" : "in";
  }

  #readReference(client: number, clock: number): void {
    const toClient = this.#reader.uint();
    const toClock = this.#reader.uint();
    this.#toClient = toClient;
    this.#toClock = toClock;
    if (toClient === client) {
      if (toClock >= clock) throw new Malformed("an item refers to itself or to a later one");
      return;
    }
    if (toClock >= YJS_BOUNDS.clock) throw new Malformed("an item refers to none there can be");
    if (toClock >= (this.#needs.get(toClient) ?? 0)) {
      this.#needs.set(toClient, toClock + 1);
      if (this.#needs.size > YJS_BOUNDS.clients) throw new Malformed("it names too many clients");
    }
  }
}

function after(clock: number, length: number): number {
  if (length === 0) throw new Malformed("an item is empty");
  if (clock + length > YJS_BOUNDS.clock) throw new Malformed("a clock is too large");
  return clock + length;
}
