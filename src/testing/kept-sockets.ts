import { serialize } from "node:v8";
import type { WireMessage } from "../protocol/bundle.ts";
import { PING, PONG } from "../protocol/client-frame.ts";
import { CLOSES, type Close } from "../protocol/close.ts";
import { packKept, unpackKept } from "../protocol/kept.ts";
import { KEPT_SESSION, type Keepsake, type KeptSession } from "../protocol/kept-session.ts";
import type { Session } from "../room/connections/connection.ts";
import type { RoomSockets } from "../room/connections/sockets.ts";
import type { Disk } from "./disk.ts";
import type { Line } from "./line.ts";

/** What the platform keeps with a hibernating socket, at most. */
const ATTACHMENT_BYTES = 16_384;

/** A socket as the platform has it: it outlives the object's memory, with what it was given to keep. */
interface KeptSocket {
  readonly id: string;
  readonly line: Line;
  attachment: unknown;
  /** When its last ping was answered, milliseconds since the epoch. */
  answeredAt: number | undefined;
  /** `ended`: its end is being told. */
  state: "open" | "closing" | "ended";
}

/** A connection as its socket keeps it. */
interface Attached extends KeptSession {
  readonly id: string;
}

/** What becomes of the sockets, for the object: each call may wake it. */
export interface ObjectEvents {
  message(id: string, message: WireMessage): void;
  /** A socket has ended, in this way; `wasClosed` by the room. */
  closed(id: string, close: Close, wasClosed: boolean): void;
}

/** The hibernatable sockets of one object. */
export class KeptSockets implements RoomSockets {
  readonly #now: () => number;
  readonly #disk: Pick<Disk, "afterwards">;
  readonly #events: ObjectEvents;
  readonly #sockets = new Map<string, KeptSocket>();
  #epoch: string | undefined;

  constructor(now: () => number, disk: Pick<Disk, "afterwards">, events: ObjectEvents) {
    this.#now = now;
    this.#disk = disk;
    this.#events = events;
  }

  /** How many sockets there are, those that are being closed included. */
  get count(): number {
    return this.#sockets.size;
  }

  /** What a room without storage left with its sockets. */
  get keepsake(): Keepsake | undefined {
    return this.#attached().find(({ keepsake }) => keepsake !== undefined)?.keepsake;
  }

  /** Has the sockets keep the epoch of a room without storage; `undefined` once it has any. */
  keepEpoch(epoch: string | undefined): void {
    this.#epoch = epoch;
  }

  /** Takes a new socket in; it outlives a hibernation once a session is saved with it. */
  accept(id: string, line: Line): void {
    const socket: KeptSocket = {
      id,
      line,
      attachment: undefined,
      answeredAt: undefined,
      state: "open",
    };
    this.#sockets.set(id, socket);
    line.accept({
      message: (message) => this.#heard(socket, message),
      closed: (code, reason, clean) => {
        const wasClosed = socket.state === "closing";
        socket.state = "ended";
        this.#events.closed(id, { code, reason, clean }, wasClosed);
      },
    });
  }

  /** The connections that outlived a hibernation; those that may not go on are told to come back. */
  restore(mayGoOn: (kept: KeptSession) => boolean): readonly Attached[] {
    const restored = this.#attached();
    // They keep what they were given: their end is yet to be told.
    for (const one of restored) if (!mayGoOn(one)) this.#close(one.id, CLOSES.restart);
    return restored.filter(mayGoOn);
  }

  /** Lets go of a socket that has ended; what it kept, unless its end was told already. */
  release(id: string): Attached | undefined {
    const kept = attachedIn(this.#sockets.get(id)?.attachment);
    this.#sockets.delete(id);
    return kept;
  }

  send(id: string, message: WireMessage): void {
    const socket = this.#open(id);
    if (socket !== undefined) this.#disk.afterwards(() => socket.line.sendDown(message));
  }

  close(id: string, close: Close): void {
    const socket = this.#open(id);
    if (socket === undefined) return;
    socket.attachment = undefined;
    this.#close(id, close);
  }

  #close(id: string, { code, reason }: Close): void {
    const socket = this.#open(id);
    if (socket === undefined) return;
    socket.state = "closing";
    this.#disk.afterwards(() => socket.line.closeDown(code, reason));
  }

  save(id: string, session: Session): void {
    const socket = this.#open(id);
    if (socket !== undefined) this.#attach(socket, session);
  }

  answeredAt(id: string): number | undefined {
    return this.#open(id)?.answeredAt;
  }

  /**
   * The object is gone, and its sockets with it.
   *
   * @param isNoticed whether a client notices; asked for each.
   */
  crash(isNoticed: () => boolean): void {
    for (const { line } of this.#sockets.values()) line.abandon(isNoticed());
    this.#sockets.clear();
  }

  #open(id: string): KeptSocket | undefined {
    const socket = this.#sockets.get(id);
    return socket?.state === "open" ? socket : undefined;
  }

  #heard(socket: KeptSocket, message: WireMessage): void {
    if (message === PING) {
      socket.answeredAt = this.#now();
      // The platform's own answer waits for no write, and wakes nobody.
      socket.line.sendDown(PONG);
    } else if (socket.state === "open") this.#events.message(socket.id, message);
  }

  #attached(): readonly Attached[] {
    return [...this.#sockets.values()].flatMap(({ attachment, state }) => {
      const read = state === "open" ? attachedIn(attachment) : undefined;
      return read === undefined ? [] : [read];
    });
  }

  #attach(socket: KeptSocket, session: Session): void {
    const keepsake = this.#epoch === undefined ? undefined : { epoch: this.#epoch };
    const attachment = packKept(KEPT_SESSION, { id: socket.id, kept: { session, keepsake } });
    if (serialize(attachment).byteLength > ATTACHMENT_BYTES) {
      throw new Error(`An attachment is at most ${ATTACHMENT_BYTES} bytes.`);
    }
    // A copy, as the platform makes one.
    socket.attachment = structuredClone(attachment);
  }
}

function attachedIn(attachment: unknown): Attached | undefined {
  const read = unpackKept(KEPT_SESSION, attachment);
  return read === undefined ? undefined : { id: read.id, ...read.kept };
}
