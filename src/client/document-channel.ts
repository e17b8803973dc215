import { CLOSE_CODES } from "../protocol/close-code.ts";
import type { Refusal } from "../protocol/error.ts";
import { Conversation, type DocumentPeer } from "./document-conversation.ts";
import type { WireFrame } from "./document-wire.ts";
import { isFinal, wordOfClose } from "./document-word.ts";
import type { IncomingFrame } from "./frame-reader.ts";
import type { Endpoint } from "./reached.ts";
import type { Channel, ChannelEvents, Sending, TransportTraits, Visit } from "./transport.ts";

/** How long it may take until something comes in: a large document over a slow line takes its time. */
export const GREETING_MS = 40_000;
/** How long nothing may come in before the server is asked for a sign of life, in milliseconds. */
const SILENCE_MS = 30_000;
/** How long a conversation that another one took over from stays, so that nobody sees its cursor go. */
const OVERLAP_MS = 1_000;

const TRAITS: TransportTraits = { name: "websocket", window: 1, silenceMs: 10_000 };

/**
 * A document's wire as a {@link Channel}, so that it is opened, kept alive and opened again as a room's:
 * what is told of it are the few frames that a connection goes by. The rest goes to the document itself.
 *
 * This wire has no frame for a new token. So a second conversation begins with it, and takes over once it
 * has all that the first one had.
 */
export class DocumentChannel implements Channel {
  readonly traits = TRAITS;
  readonly #parts: Endpoint;
  readonly #document: string;
  readonly #events: ChannelEvents;
  readonly #peer: DocumentPeer;
  readonly #joined: (isReadOnly: boolean) => void;
  #active: Conversation;
  /** With a new token, until it has all that the active one has. */
  #successor: Conversation | undefined;
  /** The one before, for a moment. */
  #predecessor: Conversation | undefined;
  #isGreeted = false;
  #heardAt: number;

  /** @param joined what is changed from now on is to be sent; also when another conversation took over. */
  constructor(
    parts: Endpoint,
    { room, token }: Visit,
    events: ChannelEvents,
    peer: DocumentPeer,
    joined: (isReadOnly: boolean) => void,
  ) {
    this.#parts = parts;
    this.#document = room;
    this.#events = events;
    this.#peer = peer;
    this.#joined = joined;
    this.#heardAt = parts.environment.now();
    this.#active = this.#begin(token);
  }

  /** Says something of the document; `false` when it would not be heard. */
  say(frame: WireFrame): boolean {
    if (this.#active.isJoined) this.#active.say(frame);
    return this.#active.isJoined;
  }

  /** Asks for a receipt of all that was said; `false` when it cannot be had now. */
  ask(): boolean {
    return this.#active.isJoined && this.#active.ask();
  }

  /** Whether what was asked last should have been answered by now. */
  get isOverdue(): boolean {
    return this.#active.isOverdue;
  }

  /** Goes on with another token, which nobody notices; if that fails, with the old one to its end. */
  renew(token: string): void {
    this.#successor?.drop(...DONE);
    try {
      this.#successor = this.#begin(token);
    } catch {
      this.#successor = undefined;
    }
  }

  /** None of a room's frames goes over this wire. */
  send(): Sending {
    return "no_connection";
  }

  /** By itself a server says something every 15 s, when somebody shows a cursor: it echoes that. */
  ping(): void {
    const { now, after } = this.#parts.environment;
    if (now() - this.#heardAt < SILENCE_MS) after(0, () => this.#events.received([]));
    else this.probe();
  }

  probe(): void {
    this.#active.ask();
  }

  close(code: number, reason: string): void {
    for (const one of [this.#predecessor, this.#successor, this.#active]) one?.drop(code, reason);
  }

  #begin(token: string): Conversation {
    const visit = { document: this.#document, token };
    const begun: Conversation = new Conversation(this.#parts, visit, this.#peer, {
      alive: () => this.#alive(),
      joined: (isReadOnly) => this.#entered(begun, isReadOnly),
      closed: (code, word) => this.#closed(begun, code, word),
    });
    return begun;
  }

  #alive(): void {
    this.#heardAt = this.#parts.environment.now();
    this.#events.received(this.#isGreeted ? [] : [GREETING]);
    this.#isGreeted = true;
  }

  #entered(conversation: Conversation, isReadOnly: boolean): void {
    const before = this.#active;
    this.#active = conversation;
    this.#joined(isReadOnly);
    if (before === conversation) return;
    this.#successor = undefined;
    this.#predecessor = before;
    before.mute();
    this.#parts.environment.after(OVERLAP_MS, () => before.drop(...DONE));
    this.#events.received([RENEWED]);
  }

  #closed(conversation: Conversation, code: number, said: Refusal | undefined): void {
    if (conversation === this.#successor) this.#successor = undefined;
    if (conversation !== this.#active) return;
    for (const other of [this.#predecessor, this.#successor]) other?.drop(...DONE);
    const word = said ?? wordOfClose(code);
    if (word !== undefined)
      this.#events.received([{ type: "error", timestamp: "", payload: word }]);
    // Of the codes that a stock client takes for final, rooms have some that are not.
    this.#events.closed(isFinal(code) ? CLOSE_CODES.accessDenied.code : code);
  }
}

const DONE = [CLOSE_CODES.done.code, ""] as const;

/**
 * Of a greeting a connection reads when to listen for signs of life, and of `token_refreshed` that it came:
 * a whole frame of a room would have fields here that nothing in a document is.
 */
const GREETING = {
  type: "joined_room",
  payload: { heartbeatMs: SILENCE_MS },
} as unknown as IncomingFrame;
const RENEWED = { type: "token_refreshed", payload: {} } as unknown as IncomingFrame;
