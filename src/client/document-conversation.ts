import type { Refusal } from "../protocol/error.ts";
import { DocumentSocket } from "./document-socket.ts";
import {
  readMessage,
  type WireFrame,
  type WireMessage,
  writeAwareness,
  writeSyncStep1,
  writeSyncStep2,
} from "./document-wire.ts";
import { wordOf } from "./document-word.ts";
import type { Endpoint } from "./reached.ts";

/** How long an answer takes at most, in milliseconds, where the line is not busy with what was said. */
const ANSWER_MS = 5_000;
/** With more bytes under way than this an answer may well take longer. */
const UNDER_WAY_BYTES = 65_536;

/** The document here, as far as its wire goes. */
export interface DocumentPeer {
  /** What it has, as an encoded state vector. */
  vector(): Uint8Array;
  /** What somebody lacks who has this. */
  missing(vector: Uint8Array): Uint8Array;
  /** What it shows, as an encoded awareness update. */
  shown(): Uint8Array;
  /** The server has stored this update. */
  stored(update: Uint8Array): void;
  /** The server has stored all that this state vector says. */
  has(vector: Uint8Array): void;
  /** A question was answered: by a receipt, the server has also stored all that was sent before it. */
  answered(isReceipt: boolean): void;
  /** What others show, or what the server knows of what is shown here. */
  shows(awareness: Uint8Array): void;
  /** Something was refused, and the conversation goes on, as far as anybody knows. */
  refused(word: Refusal): void;
  /** What is changed here is taken from now on, also where it was not before (P17.17). */
  mayWrite(): void;
}

/** What becomes of a conversation. */
export interface ConversationEvents {
  /** The server has said something, and no refusal. */
  alive(): void;
  /** What is changed from now on is to be sent. */
  joined(isReadOnly: boolean): void;
  /** It is over; with what was said last, if that was a refusal. */
  closed(code: number, word: Refusal | undefined): void;
}

/** What is said over one socket, from the first question on. */
export class Conversation {
  readonly #socket: DocumentSocket;
  readonly #peer: DocumentPeer;
  readonly #events: ConversationEvents;
  readonly #now: () => number;
  #isJoined = false;
  /** A question of ours waits for its answer: of two at once the server answers one. */
  #asked: "question" | "receipt" | undefined;
  #askedAt = 0;
  /** What was said since something was heard. */
  #saidBytes = 0;
  /** A question of the server's comes with each answer; by itself it means that one may write now. */
  #isAnswered = false;
  #word: Refusal | undefined;
  /** Told before anything else. */
  #isReadOnly = false;
  #isDropped = false;

  /** Starts to open it; throws what {@link DocumentSocket} throws. */
  constructor(
    parts: Endpoint,
    visit: { readonly document: string; readonly token: string },
    peer: DocumentPeer,
    events: ConversationEvents,
  ) {
    this.#peer = peer;
    this.#events = events;
    this.#now = parts.environment.now;
    this.#socket = new DocumentSocket(parts, visit, {
      opened: () => this.#opened(),
      heard: (data) => this.#read(data),
      closed: (code) => events.closed(code, this.#word),
    });
  }

  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** Whether a question should have been answered by now. */
  get isOverdue(): boolean {
    const isLate = this.#asked !== undefined && this.#now() - this.#askedAt >= ANSWER_MS;
    return isLate && this.#saidBytes <= UNDER_WAY_BYTES;
  }

  say(frame: WireFrame): void {
    this.#saidBytes += frame.byteLength;
    this.#socket.send(frame);
  }

  /**
   * Asks for what is not here, unless an answer is awaited already. The server reads in order and
   * answers once all that it has read is stored: so the answer is a receipt too.
   */
  ask(): boolean {
    if (this.#asked !== undefined) return false;
    this.#question(this.#isJoined ? "receipt" : "question");
    return true;
  }

  /** Hears nothing more, and is closed; `closed` still comes. */
  drop(code: number, reason: string): void {
    this.mute();
    this.#socket.close(code, reason);
  }

  /** Hears nothing more. */
  mute(): void {
    this.#isDropped = true;
  }

  #opened(): void {
    if (!this.#isDropped) this.#question("question");
  }

  #question(asked: "question" | "receipt"): void {
    this.#asked = asked;
    this.#askedAt = this.#now();
    this.say(writeSyncStep1(this.#peer.vector()));
  }

  #read(data: ArrayBuffer): void {
    if (this.#isDropped) return;
    this.#saidBytes = 0;
    try {
      this.#take(readMessage(data));
    } catch {
      // It is lost here: whoever comes back is sent it again.
      this.mute();
      this.#socket.giveUp();
    }
  }

  #take(message: WireMessage | undefined): void {
    this.#word = message?.type === "permission_denied" ? wordOf(message.reason) : undefined;
    if (this.#word === undefined) this.#events.alive();
    // Whoever was told may have closed the document.
    if (!this.#isDropped && message !== undefined) this.#hear(message);
  }

  #hear(message: WireMessage): void {
    const peer = this.#peer;
    switch (message.type) {
      case "sync_step_1": {
        const isByItself = this.#isJoined && !this.#isAnswered;
        peer.has(message.vector);
        // Also when that is nothing: to the server it is the sign that its answer was read.
        this.say(writeSyncStep2(peer.missing(message.vector)));
        if (isByItself) peer.mayWrite();
        this.#join();
        this.#isAnswered = false;
        break;
      }
      case "sync_step_2": {
        peer.stored(message.update);
        const asked = this.#asked;
        this.#asked = undefined;
        this.#isAnswered = true;
        // The first is told once it has joined: whoever is in step knows whether they may write.
        if (this.#isJoined) peer.answered(asked === "receipt");
        break;
      }
      case "update":
        peer.stored(message.update);
        break;
      case "awareness":
        peer.shows(message.awareness);
        break;
      case "query_awareness":
        // The server asks so whether what it sends is read: also who shows nothing must answer.
        this.say(writeAwareness(peer.shown()));
        break;
      case "permission_denied":
        if (this.#isJoined && this.#word !== undefined) peer.refused(this.#word);
        else this.#isReadOnly = this.#word?.code === "access_denied";
    }
  }

  #join(): void {
    if (this.#isJoined) return;
    this.#isJoined = true;
    this.#events.joined(this.#isReadOnly);
    // Whoever was told may have closed the document.
    if (!this.#isDropped && this.#isAnswered) this.#peer.answered(false);
  }
}
