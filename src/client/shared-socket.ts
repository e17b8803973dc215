import { type ClientFrame, PING, PONG } from "../protocol/client-frame.ts";
import { CLOSE_CODES } from "../protocol/close-code.ts";
import { closeCodeFor } from "../protocol/refusal-close.ts";
import type { Environment, Socket } from "./environment.ts";
import { type IncomingFrame, readFrame } from "./frame-reader.ts";
import { field } from "./frame-shape.ts";
import { openSharedLine, type SharedParts } from "./shared-line.ts";
import { SharedToken } from "./shared-token.ts";
import { SOCKET_TRAITS } from "./socket-transport.ts";
import {
  type Channel,
  type ChannelEvents,
  NO_WORD,
  type Sending,
  type Visit,
} from "./transport.ts";
import { bytesOf, type WireCodec } from "./wire-codec.ts";

/** Rooms that one connection may hear (P20.2). */
const ROOMS_MAX = 32;
/** Whoever comes back because nothing was heard has asked for a sign of life at least so long before. */
const SILENT_MS = 3_000;
/** The answer to one room's ping serves all for so long: it is little beside what the server allows. */
const FRESH_MS = 5_000;

/** One visit of a room on a connection that it shares. */
interface Seat {
  readonly visit: Visit;
  readonly events: ChannelEvents;
  /** `waiting` is one that is not asked for yet: for the connection, or for who was there before. */
  state: "waiting" | "seated" | "leaving" | "over";
  /** Who comes after it: a room has one visit at a time. */
  next?: Seat;
}

/**
 * One WebSocket on which many rooms are heard (P20.1): to each of them it is as a connection of its own
 * that is opened, left and lost by itself. What breaks the WebSocket breaks all of them.
 */
export class SharedSocket {
  readonly #environment: Environment;
  readonly #codec: WireCodec;
  readonly #socket: Socket;
  readonly #seats = new Map<string, Seat>();
  readonly #token: SharedToken;
  readonly #gone: () => void;
  #isOpen = false;
  #isOver = false;
  /** Whether a room has been heard: then the server knows of shared connections. */
  #isKnown = false;
  /** When a sign of life was asked for, if nothing was heard since. */
  #askedAt: number | undefined;
  /** When a ping was answered last: the server wants to hear some, whatever it says itself. */
  #answeredAt = Number.NEGATIVE_INFINITY;

  /**
   * Opens it.
   *
   * @param token of the first visit.
   * @param gone is told when nobody can enter here any more.
   * @throws whatever the platform says to a URL or token that is not well-formed.
   */
  constructor({ environment, address, codec }: SharedParts, token: string, gone: () => void) {
    this.#environment = environment;
    this.#codec = codec;
    this.#gone = gone;
    this.#token = new SharedToken(token, (frame) => this.#transmit(frame));
    this.#socket = openSharedLine({ environment, address, codec }, token, {
      open: () => this.#opened(),
      sign: () => {
        this.#askedAt = undefined;
      },
      message: (value) => this.#heard(value),
      close: (code) => this.#end(code),
    });
  }

  /** Whether a visit can be made here. */
  takes({ room, token }: Visit): boolean {
    const seat = this.#seats.get(room);
    const isFree = seat === undefined ? this.#seats.size < ROOMS_MAX : seat.state === "leaving";
    return isFree && seat?.next === undefined && !this.#isOver && this.#token.serves(token);
  }

  /** Enters a room, by a visit that it {@link takes}. */
  enter(visit: Visit, events: ChannelEvents): Channel {
    const seat: Seat = { visit, events, state: "waiting" };
    const before = this.#seats.get(visit.room);
    if (before === undefined) {
      this.#seats.set(visit.room, seat);
      if (this.#isOpen) this.#join(seat);
    } else before.next = seat;
    return {
      traits: SOCKET_TRAITS,
      send: (frame, frameBytes) => this.#send(seat, frame, frameBytes),
      ping: () => this.#beat(seat),
      probe: () => this.#ping(),
      close: (code) => this.#leave(seat, code === CLOSE_CODES.comingBack.code),
    };
  }

  #opened(): void {
    this.#isOpen = true;
    for (const seat of [...this.#seats.values()]) this.#join(seat);
  }

  #join(seat: Seat): void {
    const { room, token, cursor, wants } = seat.visit;
    seat.state = "seated";
    this.#token.bring(token);
    const payload = { ...wants, since: cursor?.seq, epoch: cursor?.epoch, echo: true };
    this.#transmit({ type: "join", room, payload });
  }

  #send(seat: Seat, frame: ClientFrame, frameBytes: number): Sending {
    if (seat.state !== "seated" || this.#isOver) return "no_connection";
    if (frame.type === "leave_room") this.#leave(seat, false);
    else if (frame.type === "refresh_token") {
      const told = this.#token.bring(frame.payload.token);
      // Nothing is told from within a call.
      if (told !== undefined) queueMicrotask(() => this.#tell(seat, [told]));
    } else {
      const encoded = this.#codec.encode({ ...frame, room: seat.visit.room });
      if (bytesOf(encoded) > frameBytes) return "too_large";
      this.#socket.send(encoded);
    }
    return "sent";
  }

  /** One of the rooms' hearts beats: what was heard just now for another one is good for it too. */
  #beat(seat: Seat): void {
    if (this.#environment.now() - this.#answeredAt >= FRESH_MS) this.#ping();
    // Nothing is told from within a call.
    else queueMicrotask(() => this.#tell(seat, []));
  }

  #ping(): void {
    // One answer serves all who ask for it.
    if (this.#askedAt !== undefined || this.#isOver) return;
    this.#askedAt = this.#environment.now();
    this.#socket.send(PING);
  }

  #leave(seat: Seat, isBack: boolean): void {
    const { state, visit } = seat;
    if (state === "waiting") this.#drop(seat);
    if (state !== "seated") return;
    const { now } = this.#environment;
    if (isBack && this.#askedAt !== undefined && now() - this.#askedAt >= SILENT_MS) {
      // It is the connection that is silent, and so to all of them.
      this.#fail();
      return;
    }
    seat.state = "leaving";
    this.#transmit({ type: "leave", room: visit.room, payload: { back: isBack } });
    this.#environment.after(SOCKET_TRAITS.silenceMs, () => {
      if (seat.state === "leaving") this.#fail();
    });
  }

  /** Forgets somebody who was not asked for yet. */
  #drop(seat: Seat): void {
    const { room } = seat.visit;
    const seated = this.#seats.get(room);
    if (seated === seat) this.#seats.delete(room);
    else if (seated?.next === seat) delete seated.next;
    queueMicrotask(() => {
      this.#over(seat, CLOSE_CODES.done.code);
      this.#leaveIfEmpty();
    });
  }

  #heard(value: unknown): void {
    if (value === PONG) {
      this.#answeredAt = this.#environment.now();
      this.#tellAll([]);
      return;
    }
    const room = field(value, "room");
    if (typeof room !== "string") {
      this.#heardOfAll(readFrame(value));
      return;
    }
    this.#isKnown = true;
    const seat = this.#seats.get(room);
    if (seat === undefined) return;
    if (field(value, "type") === "left") this.#left(seat, field(value, "payload"));
    else if (seat.state === "seated") this.#heardOf(seat, readFrame(value));
  }

  #heardOf(seat: Seat, frames: readonly IncomingFrame[]): void {
    const { room } = seat.visit;
    for (const frame of frames) {
      if (frame.type === "mark") {
        this.#transmit({ type: "read_mark", room, payload: frame.payload });
      }
    }
    this.#tell(seat, frames);
  }

  #heardOfAll(frames: readonly IncomingFrame[]): void {
    for (const frame of frames) {
      if (frame.type === "token_refreshed") this.#token.accepted(frame);
      else if (frame.type !== "error") this.#tellAll([frame]);
      // A server that has no shared connections says so as of any path that it does not have.
      else if (frame.payload.code === "not_found" && !this.#isKnown) this.#fail();
      else {
        if (isOfToken(closeCodeFor(frame.payload.code))) this.#token.refused();
        this.#tellAll([frame]);
      }
    }
  }

  #left(seat: Seat, why: unknown): void {
    const { room } = seat.visit;
    const told = field(why, "code");
    const code = typeof told === "number" ? told : NO_WORD;
    if (isOfToken(code)) this.#token.refused();
    const { next, state } = seat;
    if (state === "seated") {
      const payload = field(why, "error");
      const timestamp = new Date(this.#environment.now()).toISOString();
      const frames = payload === undefined ? [] : readFrame({ type: "error", timestamp, payload });
      // Whatever it says, even no, has got through.
      this.#tell(seat, frames.length > 0 ? frames : [{ type: "unknown" }]);
    }
    if (next === undefined) this.#seats.delete(room);
    else this.#seats.set(room, next);
    this.#over(seat, code);
    // Told that its visit is over, it may have left before this one came to be.
    if (next !== undefined && this.#seats.get(room) === next) this.#join(next);
    this.#leaveIfEmpty();
  }

  #leaveIfEmpty(): void {
    if (this.#seats.size === 0 && !this.#isOver) this.#close(CLOSE_CODES.done.code);
  }

  /** It is of no use any more: all come back over another one. */
  #fail(): void {
    this.#close(CLOSE_CODES.comingBack.code);
    queueMicrotask(() => this.#tellEnd(NO_WORD));
  }

  #close(code: number): void {
    this.#isOver = true;
    this.#gone();
    this.#socket.close(code, "");
  }

  #end(code: number): void {
    // Given up here before, what the server says of it is of no more use.
    const why = this.#isOver ? NO_WORD : code;
    this.#isOver = true;
    this.#gone();
    this.#tellEnd(why);
  }

  #tellEnd(code: number): void {
    const seats = [...this.#seats.values()];
    this.#seats.clear();
    for (const seat of seats) {
      this.#over(seat, code);
      if (seat.next !== undefined) this.#over(seat.next, code);
    }
  }

  #over(seat: Seat, code: number): void {
    if (seat.state === "over") return;
    seat.state = "over";
    seat.events.closed(code);
  }

  #tell({ state, events }: Seat, frames: readonly IncomingFrame[]): void {
    if (state === "seated") events.received(frames);
  }

  #tellAll(frames: readonly IncomingFrame[]): void {
    for (const seat of [...this.#seats.values()]) this.#tell(seat, frames);
  }

  #transmit(frame: object): void {
    if (!this.#isOver) this.#socket.send(this.#codec.encode(frame));
  }
}

/** Whether a close is for the token, which is that of all rooms. */
function isOfToken(code: number): boolean {
  return code === CLOSE_CODES.unauthorized.code;
}
