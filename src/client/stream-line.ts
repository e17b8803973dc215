import { writeRoomsCursor } from "../protocol/rooms-cursor-text.ts";
import type { Cursor } from "./address.ts";
import { field } from "./frame-shape.ts";
import type { Reading } from "./http-channel.ts";
import { eventsUrl } from "./http-url.ts";

/** What came in one event, and of which room; `undefined` when that cannot be read. */
export interface StreamValue {
  readonly room: string | undefined;
  readonly value: unknown;
}

/** Who is to be read on a stream, from where it stands. */
export interface StreamReader {
  readonly room: string;
  readonly cursor: Cursor | undefined;
  readonly reading: Reading;
}

/** One event stream, of one room or of several. */
export class StreamLine {
  readonly rooms: readonly string[];
  readonly url: string;
  readonly token: string;
  /** Whether a room has ended on it: then the server ends all of it, for its reader to come back (P20.7). */
  hasLost = false;
  readonly #abort = new AbortController();

  /** @param members who are to be read on it, from where they stand now; one at least. */
  constructor(members: readonly [StreamReader, ...StreamReader[]]) {
    const [first, ...others] = members;
    const { address, visit } = first.reading;
    const cursors = new Map<string, Cursor>();
    // Of two readers of one room the later one has followed it further.
    for (const { room, cursor } of members) if (cursor !== undefined) cursors.set(room, cursor);
    this.rooms = [...new Set(members.map(({ room }) => room))].sort();
    this.token = (others.at(-1) ?? first).reading.token();
    const { history } = visit.wants;
    const cursor = cursors.size === 0 ? undefined : writeRoomsCursor(cursors);
    this.url = this.isShared
      ? address.http("events", { rooms: this.rooms.join(","), history, cursor })
      : eventsUrl(address, visit.room, cursors.get(visit.room), visit.wants);
  }

  /** Whether it is of several rooms: then each event says of which it is. */
  get isShared(): boolean {
    return this.rooms.length > 1;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Lets go of it. */
  abort(): void {
    this.#abort.abort();
  }

  /** Reads the data of one event; never throws. */
  read(data: string): StreamValue {
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      return { room: undefined, value };
    }
    const room = this.isShared ? field(value, "room") : this.rooms[0];
    return { room: typeof room === "string" ? room : undefined, value };
  }
}

/** Whether an event says that its room has ended. */
export function isLeft({ value }: StreamValue): boolean {
  return field(value, "type") === "left";
}
