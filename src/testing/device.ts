import type {
  Cancel,
  Environment,
  Socket,
  SocketEvents,
  WakeCause,
} from "../client/environment.ts";
import type { Line, Loss } from "./line.ts";
import { seededUuid } from "./seeded-random.ts";
import type { TestServer } from "./test-server.ts";
import { WallClock } from "./wall-clock.ts";

/** Told of what a socket brings, which was opened at a URL; the same object for the same socket. */
export type Heard = (socket: OpenedSocket, data: unknown) => void;

/** A socket of a device, as it was opened. */
export interface OpenedSocket {
  readonly url: string;
  /** By a clock that nobody sets, milliseconds since the epoch. */
  readonly openedAt: number;
}

/**
 * What the SDK runs on: a device with a clock of its own, in a network that may be taken away. What
 * ran on a device that was switched off never runs again.
 */
export class Device {
  readonly wall: WallClock;
  readonly environment: Environment;
  /** What listeners of the application threw. */
  readonly reported: unknown[] = [];
  readonly #server: TestServer;
  readonly #lines = new Set<Line>();
  readonly #wakes = new Set<(cause: WakeCause) => void>();
  #isOnline = true;
  #isOff = false;
  #frozenUntil = 0;

  /** @param heard is told of everything that a socket brings, before the SDK is. */
  constructor(server: TestServer, random: () => number, heard: Heard = () => {}) {
    const { clock } = server;
    this.#server = server;
    this.wall = new WallClock(clock.now);
    this.environment = {
      now: this.wall.now,
      after: (delayMs, run) => this.#after(delayMs, run),
      random,
      randomUUID: () => seededUuid(random),
      openSocket: (url, protocols, events) => this.#open(url, protocols, events, heard),
      fetch: async () => {
        throw new Error("This device has WebSockets alone.");
      },
      isOnline: () => this.#isOnline,
      onWake: (listener) => {
        this.#wakes.add(listener);
        return () => this.#wakes.delete(listener);
      },
      report: (error) => this.reported.push(error),
    };
  }

  /** Whether its lid is closed. */
  get isAsleep(): boolean {
    return this.#server.clock.now() < this.#frozenUntil;
  }

  /** The connections that it has now. */
  get lines(): readonly Line[] {
    for (const line of this.#lines) if (!line.isOpen) this.#lines.delete(line);
    return [...this.#lines];
  }

  /** Its connections break. */
  cut(loss: Loss): void {
    for (const line of this.lines) line.cut(loss);
  }

  /** There is no network from here on. */
  goOffline(loss: Loss): void {
    this.#isOnline = false;
    this.cut(loss);
  }

  /** The network is back. */
  goOnline(): void {
    this.#isOnline = true;
    this.wake("online");
  }

  /** Somebody looks at it, or its network has changed. */
  wake(cause: WakeCause): void {
    for (const listener of [...this.#wakes]) listener(cause);
  }

  /** Its lid is closed for so long: no timer runs, and nothing that comes in is looked at. */
  sleep(ms: number): void {
    this.#frozenUntil = Math.max(this.#frozenUntil, this.#server.clock.now() + ms);
    for (const line of this.lines) line.stall(ms);
  }

  /** It is switched off for good. */
  switchOff(serverMs: number | undefined): void {
    this.#isOff = true;
    this.#wakes.clear();
    this.cut({ serverMs });
  }

  #after(delayMs: number, run: () => void): Cancel {
    const { clock } = this.#server;
    let isCancelled = false;
    const due = () => {
      if (this.#isOff || isCancelled) return;
      if (clock.now() < this.#frozenUntil) clock.after(this.#frozenUntil - clock.now(), due);
      else run();
    };
    const cancel = clock.after(delayMs, due);
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  #open(url: string, protocols: readonly string[], events: SocketEvents, heard: Heard): Socket {
    const key = { url, openedAt: this.#server.clock.now() };
    const told: SocketEvents = {
      message: (data) => {
        if (this.#isOff) return;
        heard(key, data);
        events.message(data);
      },
      close: (code) => {
        if (!this.#isOff) events.close(code);
      },
    };
    const socket = this.#server.openSocket(url, protocols, told, (line) => this.#lines.add(line));
    if (!this.#isOnline) this.cut({ clientMs: 1 });
    return socket;
  }
}
