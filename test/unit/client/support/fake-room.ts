import type { FakeSocket, SentFrame } from "./fake-network.ts";
import type { ManualClock } from "./manual-clock.ts";
import { ack, joined, message, nack } from "./scene.ts";

interface Stored {
  readonly seq: number;
  readonly messageId: string;
  readonly content: string;
}

/** The quota of one connection, as the server counts it (P9.5). */
interface Quota {
  tokens: number;
  countedAt: number;
}

const FRAMES_PER_SECOND = 20;
const BURST_FRAMES = 50;

/** A room's promises in memory: a log, dedupe by messageId, resume, and the frame quota. */
export class FakeRoom {
  readonly log: Stored[] = [];
  /** Frames refused as `rate_limited`. */
  refusals = 0;
  readonly #clock: ManualClock;
  readonly #latencyMs: () => number;
  /** Connections, each with the messages on their way to it, in order. */
  readonly #sockets = new Map<FakeSocket, { arrivesAt: number; quota: Quota }>();

  readonly #greeted = new WeakSet<FakeSocket>();

  /** @param latencyMs one way, drawn anew for every frame; order is kept all the same. */
  constructor(clock: ManualClock, latencyMs: () => number) {
    this.#clock = clock;
    this.#latencyMs = latencyMs;
  }

  /** Greets a new connection and serves it until it is cut. */
  accept(socket: FakeSocket): void {
    const quota = { tokens: BURST_FRAMES, countedAt: this.#clock.now() };
    this.#sockets.set(socket, { arrivesAt: 0, quota });
    socket.onClosed = () => {
      this.#sockets.delete(socket);
      socket.close(1000);
    };
    socket.onSend = (data) => {
      const sent: SentFrame = JSON.parse(String(data));
      this.#onItsWay(socket, () => this.#take(socket, sent));
    };
    this.#onItsWay(socket, () => this.#greet(socket));
  }

  /** The network breaks: what is on its way, in either direction, is lost. */
  cut(code = 1006): void {
    for (const socket of [...this.#sockets.keys()]) {
      this.#sockets.delete(socket);
      socket.close(code);
    }
  }

  /** Someone else writes. */
  write(content: string): void {
    this.#store(`other-${this.log.length}`, content);
  }

  #greet(socket: FakeSocket): void {
    const since = socket.url.searchParams.get("since");
    const missed = since === null ? [] : this.log.filter(({ seq }) => seq > Number(since));
    socket.say(joined({ seq: this.log.length, recovered: since !== null }));
    for (const stored of missed) socket.say(shown(stored));
    this.#greeted.add(socket);
  }

  #take(socket: FakeSocket, { type, messageId, payload }: SentFrame): void {
    if (type !== "send_message" || messageId === undefined) return;
    if (!this.#mayPass(socket)) {
      this.refusals += 1;
      const error = nack(messageId, "rate_limited", { retryable: true, retryAfterMs: 50 });
      this.#onItsWay(socket, () => socket.say(error));
      return;
    }
    const before = this.log.find((stored) => stored.messageId === messageId);
    const stored = before ?? this.#store(messageId, payload?.content ?? "");
    const extra = before === undefined ? {} : { duplicate: true };
    this.#onItsWay(socket, () => socket.say(ack(messageId, stored.seq, extra)));
  }

  #store(messageId: string, content: string): Stored {
    const stored = { seq: this.log.length + 1, messageId, content };
    this.log.push(stored);
    for (const socket of this.#sockets.keys()) {
      // Whoever is not greeted yet will get it in the replay.
      if (this.#greeted.has(socket)) this.#onItsWay(socket, () => socket.say(shown(stored)));
    }
    return stored;
  }

  #mayPass(socket: FakeSocket): boolean {
    const quota = this.#sockets.get(socket)?.quota;
    if (quota === undefined) return false;
    const now = this.#clock.now();
    const refilled = quota.tokens + ((now - quota.countedAt) * FRAMES_PER_SECOND) / 1_000;
    quota.tokens = Math.min(BURST_FRAMES, refilled);
    quota.countedAt = now;
    if (quota.tokens < 1) return false;
    quota.tokens -= 1;
    return true;
  }

  #onItsWay(socket: FakeSocket, arrive: () => void): void {
    const connection = this.#sockets.get(socket);
    if (connection === undefined) return;
    const now = this.#clock.now();
    connection.arrivesAt = Math.max(connection.arrivesAt, now + this.#latencyMs());
    this.#clock.after(connection.arrivesAt - now, () => {
      if (this.#sockets.get(socket) === connection) arrive();
    });
  }
}

function shown({ seq, messageId, content }: Stored) {
  const userId = messageId.startsWith("other-") ? "bob" : "ann";
  const payload = { ...message(seq, userId, messageId), content };
  return { type: "new_message", timestamp: payload.timestamp, seq, payload };
}
