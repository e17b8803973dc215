import type { ClientFrame } from "../protocol/client-frame.ts";
import { CLOSE_CODES } from "../protocol/close-code.ts";
import type { Cancel, Environment } from "./environment.ts";
import type { IncomingFrame } from "./frame-reader.ts";
import { Ladder } from "./ladder.ts";
import { isSyntaxError, Link } from "./link.ts";
import type { Lookout } from "./lookout.ts";
import { OPENING_MS } from "./socket-transport.ts";
import type {
  Channel,
  ChannelEvents,
  Sending,
  Transport,
  TransportTraits,
  Visit,
  Way,
} from "./transport.ts";

/** How long a transport may stay silent before the next one is tried, in milliseconds. */
const RUNG_MS = 5_000;
/** Close codes from here on are the application's: whoever sends one was reached. */
const OWN_CODES = 4_000;

/**
 * Enters rooms by the best of some transports that works here: the next one is tried where one
 * cannot be established at all, and what works is remembered for all rooms of a client.
 */
export class FallbackTransport implements Transport {
  readonly openingMs: number;
  readonly #parts: Parts;

  /** @param transports the best first. */
  constructor(environment: Environment, transports: readonly Way[]) {
    const ladder = new Ladder(environment, transports.length);
    let loading: Promise<Lookout> | undefined;
    const lookout = () => {
      loading ??= import("./http-transports.ts").then(
        ({ Lookout }) => new Lookout(environment, transports, (rung) => ladder.found(rung)),
      );
      return loading;
    };
    this.#parts = { environment, transports, ladder, lookout };
    this.openingMs = RUNG_MS * (transports.length - 1) + OPENING_MS;
  }

  open(visit: Visit, events: ChannelEvents): Channel {
    return new FallbackChannel(this.#parts, visit, events);
  }
}

interface Parts {
  readonly environment: Environment;
  readonly transports: readonly Way[];
  readonly ladder: Ladder;
  /**
   * Asked for by those on a lower transport alone. It is in one file with these, so that file is
   * there by then.
   */
  readonly lookout: () => Promise<Lookout>;
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
  #leave: Promise<Cancel> | undefined;

  constructor(parts: Parts, visit: Visit, events: ChannelEvents) {
    this.#parts = parts;
    this.#visit = visit;
    this.#events = events;
    this.#rung = parts.ladder.begin(visit.room);
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
    this.#leave = lookout().then((found) => found.add(settler));
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
    void this.#leave?.then((leave) => leave());
  }
}
