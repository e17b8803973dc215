import { roomNameFault } from "../../protocol/room-name.ts";
import { recentNames, rememberName } from "../identity/recent-names.ts";
import type { KeyValues } from "../identity/storage.ts";
import { nameInSegment, segmentOf } from "./segment.ts";

/** How many characters the name of a room has at most. */
const ROOM_CHARS = 128;

/** What {@link Places} are made of. */
export interface PlaceWords {
  /** The page that shows them, below whose path each has its own. */
  readonly page: "/editor" | "/game";
  /** How the room's name of each begins. */
  readonly prefix: string;
  /** Where one lands without naming any. */
  readonly first: string;
  /** The query with which one does less there, as to look on alone. */
  readonly less: string;
  /** Under which those visited on this device are kept. */
  readonly key: string;
}

/** Rooms of one sort that have an address each, on a page of their own. */
export class Places {
  readonly page: PlaceWords["page"];
  readonly first: string;
  /** How many characters a name has at most. */
  readonly chars: number;
  /** A name, as an HTML `pattern`. */
  readonly pattern: string;
  readonly #prefix: string;
  readonly #less: string;
  readonly #key: string;

  constructor({ page, prefix, first, less, key }: PlaceWords) {
    this.page = page;
    this.first = first;
    this.chars = ROOM_CHARS - prefix.length;
    this.pattern = `[A-Za-z0-9._~:\\-]{1,${this.chars}}`;
    this.#prefix = prefix;
    this.#less = less;
    this.#key = key;
  }

  /** The place that a path names; the first one for the page alone, `undefined` for what names none. */
  ofPath(path: string): string | undefined {
    const [page, segment = "", ...rest] = path.slice(1).split("/");
    if (`/${page}` !== this.page || rest.join("/") !== "") return undefined;
    if (segment === "") return rest.length === 0 ? this.first : undefined;
    const said = nameInSegment(segment);
    // The SDK takes a name with the prefix and without.
    const name = said.startsWith(this.#prefix) ? said.slice(this.#prefix.length) : said;
    return this.#isName(name) ? name : undefined;
  }

  /** The path of a place. */
  pathOf(name: string): string {
    return `${this.page}/${segmentOf(name)}`;
  }

  /** The path of a place at which one does less. */
  lessPathOf(name: string): string {
    return `${this.pathOf(name)}?${this.#less}`;
  }

  /** Whether an address's query says that one does less. */
  isLess(search: string): boolean {
    return new URLSearchParams(search).has(this.#less);
  }

  /** The room by which a token grants a place. */
  roomOf(name: string): string {
    return this.#prefix + name;
  }

  /** The place one is at, those visited on this device, and always the first one, by name. */
  recent(storage: KeyValues, name: string): readonly string[] {
    return [...new Set([name, ...recentNames(storage, this.#key), this.first])].sort();
  }

  /** Puts a place on that list. */
  remember(storage: KeyValues, name: string): void {
    rememberName(storage, this.#key, name);
  }

  #isName(name: string): boolean {
    // `.` and `..` are lost from an address before it arrives.
    if (name === "" || name === "." || name === "..") return false;
    return roomNameFault(this.roomOf(name)) === undefined;
  }
}
