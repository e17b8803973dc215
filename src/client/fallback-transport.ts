import type { ClientFrame } from "../protocol/client-frame.ts";
import { CLOSE_CODES } from "../protocol/close-code.ts";
import type { Cancel, Environment } from "./environment.ts";
import type { IncomingFrame } from "./frame-reader.ts";
import { Ladder } from "./ladder.ts";
import { isSyntaxError, Link } from "./link.ts";
import { Lookout } from "./lookout.ts";
import { OWN_CODES, type Reached, RUNG_MS } from "./reached.ts";
import type { Channel, ChannelEvents, Sending, TransportTraits, Visit, Way } from "./transport.ts";

/**
 * Enters rooms by the best of some transports that works here: the next one is tried where one
 * cannot be established at all, and what works is remembered for all rooms of a client.
 */
export class FallbackTransport {
  readonly #parts: Parts;

  /**
   * @param transports the best first.
   * @param reached what is known of them, by those too that needed no other.
   */
  constructor(environment: Environment, transports: readonly Way[], reached: Reached) {
    const ladder = new Ladder(environment, reached);
    const lookout = new Lookout(environment, transports, (rung) => ladder.found(rung));
    this.#parts = { environment, transports, ladder, lookout };
  }

  /** Opens a channel, over this transport or a lower one; over what has worked, when absent. */
  open(visit: Visit, events: ChannelEvents, rung?: number): Channel {
    return new FallbackChannel(this.#parts, visit, events, rung);
  }
}

interface Parts {
  readonly environment: Environment;
  readonly transports: readonly Way[];
  readonly ladder: Ladder;
  readonly lookout: Lookout;
}

/** One way to a room, over the first transport that brings a word from the server. */
class FallbackChannel implements Channel {
  readonly #parts: Parts;
  readonly #visit: Visit;
  readonly #events: ChannelEvents;
  #link: Link;
  #rung: number;
  #isReached = false;
  #isOver = false;
  #patience: Cancel = () => {};
  /** Of the lookout. */
  #leave: Cancel = () => {};

  constructor(parts: Parts, visit: Visit, events: ChannelEvents, rung: number | undefined) {
    this.#parts = parts;
    this.#visit = visit;
    this.#events = events;
    this.#rung = rung ?? parts.ladder.begin(visit.room);
    this.#link = this.#climb(this.#rung);
  }

  get traits(): TransportTraits {
    return this.#link.traits;
  }

  send(frame: ClientFrame, frameBytes: number): Sending {
    return this.#link.send(frame, frameBytes);
  }

  ping(): void {
    this.#link.ping();
  }

  probe(): void {
    this.#link.probe();
  }

  close(code: number, reason: string): void {
    if (this.#isOver) return;
    this.#over();
    // Dropped, it tells nothing any more, but that it is over.
    this.#link.drop(code, reason);
    this.#link.closed.then(() => this.#events.closed(code));
  }

  #climb(rung: number): Link {
    const { transports, environment } = this.#parts;
    const transport = transports[rung];
    if (transport === undefined) throw new Error();
    this.#rung = rung;
    this.#patience = environment.after(RUNG_MS, () => this.#goDown());
    try {
      return new Link(transport, this.#visit, {
        received: (frames) => this.#received(frames),
        closed: (code) => this.#lost(code),
      });
    } catch (error) {
      this.#patience();
      // A URL or token that is not well-formed is so for every transport; a platform without
      // WebSocket has others.
      if (isSyntaxError(error) || rung + 1 === transports.length) throw error;
      return this.#climb(rung + 1);
    }
  }

  #received(frames: readonly IncomingFrame[]): void {
    // Whatever it says, even what cannot be read: a way that carries it is no broken way.
    if (!this.#isReached && frames.length > 0) this.#reached();
    this.#events.received(frames);
  }

  #reached(): void {
    const { ladder, lookout } = this.#parts;
    this.#isReached = true;
    this.#patience();
    ladder.carried(this.#visit.room, this.#rung);
    if (this.#rung === 0) return;
    const settler = { visit: this.#visit, rung: this.#rung, moveUp: () => this.#moveUp() };
    this.#leave = lookout.add(settler);
  }

  #lost(code: number): void {
    if (!this.#isReached && code < OWN_CODES && this.#goDown()) return;
    this.#over();
    this.#events.closed(code);
  }

  /** Tries the next transport; `false` when there is none to try. */
  #goDown(): boolean {
    const below = this.#parts.ladder.below(this.#visit.room, this.#rung);
    if (below === undefined) return false;
    this.#patience();
    this.#link.drop();
    this.#link = this.#climb(below);
    return true;
  }

  #moveUp(): void {
    this.#over();
    this.#link.drop();
    this.#events.closed(CLOSE_CODES.restart.code);
  }

  #over(): void {
    this.#isOver = true;
    if (this.#isReached) this.#parts.ladder.left(this.#rung);
    this.#patience();
    this.#leave();
  }
}
