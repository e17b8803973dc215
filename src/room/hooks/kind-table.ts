import { isLogKind, roomKind } from "../../protocol/room-kind.ts";
import type { RoomKind } from "./kind.ts";

/** The kinds of room that a deployment has, by the prefixes of their names. */
export class KindTable {
  readonly #byPrefix: ReadonlyMap<string | undefined, RoomKind>;

  /** @throws {Error} when two kinds claim the same names. */
  constructor(kinds: readonly RoomKind[]) {
    const byPrefix = new Map<string | undefined, RoomKind>();
    for (const kind of kinds) {
      const other = byPrefix.get(kind.prefix);
      if (other !== undefined) {
        const names = kind.prefix === undefined ? "of no known prefix" : `"${kind.prefix}:…"`;
        throw new Error(`Rooms ${names} would be of two kinds: ${other.name} and ${kind.name}.`);
      }
      byPrefix.set(kind.prefix, kind);
    }
    this.#byPrefix = byPrefix;
  }

  /**
   * The kind of a room by its name; one without a known prefix is of the kind that has none.
   *
   * @throws {Error} for a room of a kind that is not kept here.
   */
  of(name: string): RoomKind {
    const colon = name.indexOf(":");
    const known = colon > 0 ? this.#byPrefix.get(name.slice(0, colon)) : undefined;
    const kind = known ?? (isLogKind(roomKind(name)) ? this.#byPrefix.get(undefined) : undefined);
    if (kind === undefined) throw new Error(`Rooms of the kind of "${name}" are not kept here.`);
    return kind;
  }
}
