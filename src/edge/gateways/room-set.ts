import { CLOSES, type Close, closeFor } from "../../protocol/close.ts";
import type { Cursor } from "../../protocol/cursor.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { GATEWAY_BOUNDS } from "../../protocol/gateway-limits.ts";
import { refusalOf } from "../../protocol/refusal-of.ts";
import type { Caller } from "../caller.ts";
import type { EntryOptions } from "../transports/enter-room.ts";
import { type InnerLine, openLine } from "../transports/inner-line.ts";
import { type RoomsCall, roomVisitor } from "./room-visitor.ts";

/** How a room is entered. */
export interface Entering {
  /** Where the client reads on from; absent of one who has not been there. */
  readonly cursor?: Cursor | undefined;
  /** Messages of history wanted by a client that does not resume. */
  readonly history: number;
  /** Whether its own events come back to it. */
  readonly echo?: boolean | undefined;
  /** The contract by which the client folds what it hears, `<version>.<hash>`. */
  readonly contract?: string | undefined;
}

/** Why somebody is in a room no more, or never was. */
export interface Left {
  readonly code: number;
  readonly reason: string;
  /** What refused it, when something did before anybody was inside. */
  readonly error?: Refusal;
}

/** What is heard of rooms. */
export interface RoomsListener {
  /** One message of a room as it came, unparsed, in the wire of the set. */
  heard(room: string, message: string | ArrayBuffer): void;
  /** A room is left for good, whoever ended that but {@link RoomSet.leave} and {@link RoomSet.close}. */
  left(room: string, why: Left): void;
}

/** What a frame came to that was said to a room. */
export type Said = "said" | "held" | "not joined" | "too much";

/** A room that is being entered, or is. */
interface Place {
  line: InnerLine | undefined;
  /** What was said to it before it was open, in order. */
  readonly held: (string | ArrayBuffer)[];
}

/**
 * The rooms that one client hears on one connection of its own: an ordinary connection to each, with a
 * grant, a cursor, a quota and a close of its own, so that a room knows nothing of the others.
 */
export class RoomSet {
  readonly #call: RoomsCall;
  readonly #options: Pick<EntryOptions, "wire" | "transport" | "via" | "paced">;
  readonly #listener: RoomsListener;
  readonly #places = new Map<string, Place>();
  #caller: Caller;
  #isOver = false;

  /** @param options how the rooms see the connections. */
  constructor(
    call: RoomsCall,
    caller: Caller,
    options: Pick<EntryOptions, "wire" | "transport" | "via" | "paced">,
    listener: RoomsListener,
  ) {
    this.#call = call;
    this.#caller = caller;
    this.#options = options;
    this.#listener = listener;
  }

  /** How many rooms are heard, those included that are being entered. */
  get size(): number {
    return this.#places.size;
  }

  /** Whether a room is heard, or is being entered. */
  has(room: string): boolean {
    return this.#places.has(room);
  }

  /** Enters rooms by a new token from here on; those that are open must be told of it themselves. */
  renew(caller: Caller): void {
    this.#caller = caller;
  }

  /**
   * Enters a room, which is not in the set. What comes of it is told to the listener: what the room
   * says, or that it is left. Never throws.
   */
  async join(room: string, entering: Entering): Promise<void> {
    if (this.size >= GATEWAY_BOUNDS.rooms) {
      const message = `One connection hears at most ${GATEWAY_BOUNDS.rooms} rooms.`;
      this.#refuse(room, refusal("too_many_connections", message));
      return;
    }
    const place: Place = { line: undefined, held: [] };
    this.#places.set(room, place);
    try {
      const staying = this.#options.transport !== "poll";
      const visitor = await roomVisitor(this.#call, this.#caller, room, { ...entering, staying });
      const { history, echo } = entering;
      const options = { ...this.#options, history, echo: echo === true };
      const opened = await openLine(this.#call, visitor, options);
      if (opened.ok) this.#open(room, place, opened.line);
      else this.#drop(room, place, opened.error);
    } catch (error) {
      this.#drop(room, place, refusalOf(error));
    }
  }

  /** Says a frame to a room as the client said it; while that is being entered it waits. */
  say(room: string, frame: string | ArrayBuffer): Said {
    const place = this.#places.get(room);
    if (place === undefined) return "not joined";
    if (place.line !== undefined) {
      place.line.send(frame);
      return "said";
    }
    if (place.held.length >= GATEWAY_BOUNDS.heldFrames) return "too much";
    place.held.push(frame);
    return "held";
  }

  /** Says a frame to every room that is open or will be. */
  sayToAll(frame: string | ArrayBuffer): void {
    for (const room of this.#places.keys()) this.say(room, frame);
  }

  /** Leaves a room, which takes it as this close; false when it is none of the set. */
  leave(room: string, close: Close = CLOSES.leftRoom): boolean {
    const place = this.#places.get(room);
    this.#places.delete(room);
    place?.line?.close(close);
    return place !== undefined;
  }

  /** Ends all connections, each by this close; nothing more is heard. */
  close(close: Close): void {
    this.#isOver = true;
    for (const { line } of this.#places.values()) line?.close(close);
    this.#places.clear();
  }

  #open(room: string, place: Place, line: InnerLine): void {
    const isWanted = !this.#isOver && this.#places.get(room) === place;
    line.listen(
      {
        heard: (message) => this.#listener.heard(room, message),
        ended: ({ code, reason }) => {
          if (this.#places.get(room) !== place) return;
          this.#places.delete(room);
          this.#listener.left(room, { code, reason });
        },
      },
      this.#call.settings.limits.heartbeatMs,
    );
    // It was left meanwhile, or the client is gone.
    if (!isWanted) {
      line.close(CLOSES.leftRoom);
      return;
    }
    place.line = line;
    for (const frame of place.held.splice(0)) line.send(frame);
  }

  #drop(room: string, place: Place, error: Refusal): void {
    if (this.#places.get(room) !== place) return;
    this.#places.delete(room);
    this.#refuse(room, error);
  }

  #refuse(room: string, error: Refusal): void {
    const { code, reason } = closeFor(error.code);
    this.#listener.left(room, { code, reason, error });
  }
}
