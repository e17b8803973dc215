import { Pauses } from "../pauses.ts";
import {
  ENGINE,
  type EngineEnd,
  type EngineTimes,
  MAX_PAYLOAD_BYTES,
  messagePacket,
  openPacket,
  packetsIn,
  SEPARATOR,
} from "./packet.ts";

/** How a request of a client that polls is answered. */
export interface EngineAnswer {
  readonly status: 200 | 400 | 413;
  readonly body: string;
}

/** What hears a client. */
export interface EngineEar {
  message(data: string | Uint8Array): void;
  /** Nothing more is heard of it, whoever ended it. */
  closed(why: EngineEnd): void;
  /** Nor will it be asked for anything more. */
  over?(): void;
  /** More waits for it: told now and then. */
  grown?(): void;
}

/** What is answered of a connection that is over, or that there never was. */
export const UNKNOWN_SID: EngineAnswer = refused(1, "Session ID unknown");
/** What is answered to what is no request of Engine.IO. */
export const BAD_REQUEST: EngineAnswer = refused(3, "Bad request");

/** An answer as Engine.IO refuses. */
export function refused(code: number, message: string, status: 400 | 413 = 400): EngineAnswer {
  return { status, body: JSON.stringify({ code, message }) };
}

/** What may wait for a client that does not poll: beyond it, it has to come back for what it missed. */
const QUEUE_CHARS = 4 * 1024 * 1024;
/** Told each time that so much more waits. */
const GROWN_CHARS = 16 * 1024;
/**
 * How long a poll goes on that waits when a WebSocket is tried, and those after it: what a client says in
 * between waits for its poll to end. One that polls again has not heard that its WebSocket works.
 */
const PROBED_POLL_MS = { first: 5, next: 100 } as const;
/** How long its last packets wait for a client that was sent away. */
const LAST_POLL_MS = 30_000;

/** How long a WebSocket may be tried: as long as a stock server waits for it. */
const PROBED_MS = 10_000;

const BEAT = "beat";
const PROBE = "probe";
const TRY = "try";

/** A client that polls: one connection of Engine.IO over as many requests as it takes. */
export class PollingSession {
  readonly sid: string;
  readonly transport = "polling";
  readonly handshake: { readonly query: Readonly<Record<string, string>> };
  readonly #times: EngineTimes;
  readonly #pauses: Pauses;
  #state: "open" | "closing" | "over" = "open";
  #ear: EngineEar | undefined;
  #queue: string[] = [];
  #queuedChars = 0;
  #toldChars = 0;
  #poll: PromiseWithResolvers<EngineAnswer> | undefined;
  #isProbed = false;
  #isFirstProbedPoll = false;
  /** To be done when what waits now was read, and when what was sent last was. */
  #whenRead: (() => void)[] = [];
  #whenPolled: (() => void)[] = [];

  /** @param after acts later, unless what it returns is called before. */
  constructor(
    sid: string,
    query: Readonly<Record<string, string>>,
    times: EngineTimes,
    after: (ms: number, act: () => void) => () => void,
  ) {
    this.sid = sid;
    this.handshake = { query };
    this.#times = times;
    this.#pauses = new Pauses(after);
  }

  /** Begins: what the first request is answered with. */
  begin(ear: EngineEar): EngineAnswer {
    this.#ear = ear;
    this.#beat();
    return { status: 200, body: openPacket(this.sid, ["websocket"], this.#times) };
  }

  /** Whether its client polls and may change to a WebSocket: to one at a time. */
  get mayChange(): boolean {
    return this.#state === "open" && !this.#isProbed;
  }

  /** Whether its client waits for something: what is said now goes out now. */
  get isWritable(): boolean {
    return this.#poll !== undefined;
  }

  /** What waits for its client, in UTF-16 units. */
  get queuedChars(): number {
    return this.#queuedChars;
  }

  /** Ends it: its client has to come back for what it missed. */
  giveUp(): void {
    this.#end([], "transport error");
  }

  /** A request for what there is; answered when there is something. */
  poll(): Promise<EngineAnswer> | EngineAnswer {
    if (this.#state === "over") return UNKNOWN_SID;
    if (this.#poll !== undefined) {
      this.#end([ENGINE.close], "transport error");
      return BAD_REQUEST;
    }
    // It asks for more: it has read what came before.
    const read = this.#whenPolled;
    this.#whenPolled = [];
    for (const act of read) act();
    if (this.#state === "closing") return this.#last();
    if (this.#queue.length > 0) return this.#taken();
    this.#poll = Promise.withResolvers<EngineAnswer>();
    if (this.#isProbed) this.#endPollSoon();
    return this.#poll.promise;
  }

  /** The client has given a poll up, by what that came to: its network may have broken. */
  givenUp(poll: Promise<EngineAnswer> | EngineAnswer): void {
    if (this.#poll?.promise === poll) this.#end([], "transport close");
  }

  /** What the client sends. */
  post(body: string): EngineAnswer {
    if (this.#state !== "open") return UNKNOWN_SID;
    const packets = packetsIn(body);
    if (packets === undefined) {
      this.#end([ENGINE.close], "parse error");
      return BAD_REQUEST;
    }
    for (const packet of packets) {
      if (this.#state !== "open") break;
      if (packet.type === "message") this.#ear?.message(packet.data);
      else if (packet.type === "pong") this.#beat();
      else this.#end([ENGINE.noop], "transport close");
    }
    return { status: 200, body: "ok" };
  }

  /** Says a message to the client. */
  send(message: string | Uint8Array): void {
    this.#say(messagePacket(message));
  }

  /** Sends the client away once it has what was said to it before. */
  close(): void {
    if (this.#state !== "open") return;
    this.#queue.push(ENGINE.close);
    this.#state = "closing";
    this.#pauses.endAll();
    this.#ear?.closed("forced close");
    if (this.#poll !== undefined) this.#answer(this.#last());
    else this.#pauses.begin(BEAT, LAST_POLL_MS, () => this.#end([], "forced close"));
  }

  /** Acts once the client has read all that was sent to it before. */
  readonly whenRead = (act: () => void): void => {
    if (this.#queue.length > 0) this.#whenRead.push(act);
    else this.#whenPolled.push(act);
  };

  /** A WebSocket is tried: polls are ended for it. False when there is nothing to change, or another is. */
  probe(): boolean {
    if (!this.mayChange) return false;
    this.#isProbed = true;
    this.#isFirstProbedPoll = true;
    // One that comes to nothing is forgotten: polls that are ended at once would be a loop.
    this.#pauses.begin(TRY, PROBED_MS, () => {
      this.#isProbed = false;
    });
    if (this.#poll !== undefined) this.#endPollSoon();
    return true;
  }

  /** The client has changed to a WebSocket: what it was not told yet. Polls are over. */
  change(): readonly string[] | undefined {
    if (this.#state !== "open") return undefined;
    const queue = this.#queue;
    this.#queue = [];
    this.#ear = undefined;
    // A client that changes has let its last poll come back before: this one is a stranger's.
    this.#end([], "transport close");
    return queue;
  }

  #say(packet: string): void {
    if (this.#state !== "open") return;
    this.#queue.push(packet);
    this.#queuedChars += packet.length;
    if (this.#queuedChars > QUEUE_CHARS) {
      this.#end([], "transport error");
      return;
    }
    if (this.#queuedChars - this.#toldChars >= GROWN_CHARS) {
      this.#toldChars = this.#queuedChars;
      this.#ear?.grown?.();
    }
    // What is said in one turn goes in one body.
    if (this.#queue.length === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    if (this.#poll !== undefined && this.#queue.length > 0) this.#answer(this.#taken());
  }

  /** As much of what waits as one body may have. */
  #taken(): EngineAnswer {
    let chars = 0;
    let count = 0;
    for (const packet of this.#queue) {
      chars += packet.length + 1;
      if (count > 0 && chars > MAX_PAYLOAD_BYTES) break;
      count += 1;
    }
    const body = this.#queue.splice(0, count).join(SEPARATOR);
    this.#queuedChars -= body.length - (count - 1);
    this.#toldChars = Math.min(this.#toldChars, this.#queuedChars);
    if (this.#queue.length === 0) {
      this.#whenPolled = this.#whenRead;
      this.#whenRead = [];
    }
    return { status: 200, body };
  }

  #last(): EngineAnswer {
    const answer = { status: 200, body: this.#queue.join(SEPARATOR) } as const;
    this.#end([], "forced close");
    return answer;
  }

  #answer(answer: EngineAnswer): void {
    this.#poll?.resolve(answer);
    this.#poll = undefined;
  }

  #endPollSoon(): void {
    const ms = this.#isFirstProbedPoll ? PROBED_POLL_MS.first : PROBED_POLL_MS.next;
    this.#isFirstProbedPoll = false;
    this.#pauses.begin(PROBE, ms, () => {
      this.#answer({ status: 200, body: ENGINE.noop });
    });
  }

  /** The client is alive: it is pinged in a while, and has a while to answer that. */
  #beat(): void {
    const { pingIntervalMs, pingTimeoutMs } = this.#times;
    this.#pauses.begin(BEAT, pingIntervalMs, () => {
      this.#say(ENGINE.ping);
      this.#pauses.begin(BEAT, pingTimeoutMs, () => this.#end([], "ping timeout"));
    });
  }

  /** Ends it; a poll that waits is answered so. */
  #end(last: readonly string[], why: EngineEnd): void {
    if (this.#state === "over") return;
    const wasOpen = this.#state === "open";
    this.#state = "over";
    this.#pauses.endAll();
    this.#queue = [];
    this.#queuedChars = 0;
    this.#answer(last.length === 0 ? UNKNOWN_SID : { status: 200, body: last.join(SEPARATOR) });
    if (wasOpen) this.#ear?.closed(why);
    this.#ear?.over?.();
  }
}
