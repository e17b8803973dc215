import type { Kind } from "../contract/kind.ts";
import type { RoomKind } from "../room/hooks/kind.ts";
import { runningKind } from "./running/running-kind.ts";

/** The kinds of room that a deployment has, by what the names of their rooms begin with. */
export class KindTable {
  readonly #byPrefix: ReadonlyMap<string, RoomKind>;

  /** @throws {Error} when two kinds claim the same names. */
  constructor(kinds: readonly Kind[]) {
    const byPrefix = new Map<string, RoomKind>();
    for (const kind of kinds) {
      const { prefix } = kind.contract;
      const running = runningKind(kind);
      const other = byPrefix.get(prefix);
      if (other !== undefined) {
        const names = prefix === "" ? "of no known prefix" : `"${prefix}:…"`;
        throw new Error(`Rooms ${names} would be of two kinds: ${other.name} and ${running.name}.`);
      }
      byPrefix.set(prefix, running);
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
    const kind = known ?? this.#byPrefix.get("");
    if (kind === undefined) throw new Error(`Rooms of the kind of "${name}" are not kept here.`);
    return kind;
  }
}
