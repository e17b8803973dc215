import { BOUNDS } from "../../protocol/limits.ts";
import type { MarkRule } from "../../protocol/settings.ts";

/** A mark that was sent and is not answered yet. */
interface SentMark {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Approximate bytes sent after it. */
  bytesAfter: number;
}

/**
 * What a connection may not have read yet. The platform queues what a peer does not take, without a
 * bound and without saying how much (observed on workerd 2026-08-15), so the room counts what it
 * sent. A peer that answers marks is taken at its word: it has read up to the last one that it
 * answered. Of one that has not answered any yet it is only known when it last showed that it lives,
 * which a peer that reads nothing may do as well.
 */
export class Unread {
  /** Approximate bytes sent since the peer last spoke or pinged. */
  silentBytes = 0;
  /** Of these, what was sent since `recentSince`: what is older has been read, or its peer is silent. */
  recentBytes = 0;
  /** Whether the peer has ever answered a mark. */
  isProven = false;
  /** Approximate bytes sent since it came, or since the last mark that it answered. */
  unprovenBytes = 0;
  /** Milliseconds since the epoch. */
  #recentSince = Number.NEGATIVE_INFINITY;
  /** Count at which the peer's pings are looked at next: asking the platform costs. */
  #lookAt = 0;
  /** When the last ping seen by then was answered, milliseconds since the epoch. */
  #answeredAt: number | undefined;
  /** Of the unproven bytes, what is taken for read as long as no other proof is to be had. */
  #trustedBytes = 0;
  #mark: SentMark | undefined;
  /** Whether what is sent to a peer that has answered no mark is doubted from the first byte on. */
  readonly #isDoubtedAtOnce: boolean;

  constructor(marks: MarkRule) {
    this.#isDoubtedAtOnce = marks === "at-once";
  }

  /** What it may not have read, by the best that is known of it, in bytes. */
  get bytes(): number {
    return this.isProven ? this.unprovenBytes : this.silentBytes;
  }

  /** What counts towards the room's budget, in bytes. */
  get share(): number {
    if (this.isProven) return atLeast(BOUNDS.markShareBytes, this.unprovenBytes);
    // Or the same would count twice.
    return this.#isDoubtedAtOnce ? 0 : atLeast(BOUNDS.unreadShareBytes, this.recentBytes);
  }

  /** What counts where nobody is closed for it, but more is to be sent, in bytes. */
  get owed(): number {
    return atLeast(BOUNDS.unreadLookBytes, this.isProven ? this.unprovenBytes : this.recentBytes);
  }

  /** What was sent to a peer that has yet to answer a mark, and shows life or not, in bytes. */
  get doubted(): number {
    return atLeast(this.#isDoubtedAtOnce ? 0 : BOUNDS.doubtedBytes, this.#doubtfulBytes);
  }

  /** Whether it counts towards a crowd of such, which do not all come to that much at once. */
  get isDoubted(): boolean {
    return this.#doubtfulBytes >= (this.#isDoubtedAtOnce ? 1 : BOUNDS.doubtedBytes / 2);
  }

  get #doubtfulBytes(): number {
    const isUnanswered = !this.isProven && this.#mark !== undefined;
    return isUnanswered ? this.unprovenBytes - this.#trustedBytes : 0;
  }

  /** Whether it counts towards a crowd: not all of a crowd come to a whole share at once. */
  get isMuch(): boolean {
    return this.isProven ? this.share > 0 : this.recentBytes >= BOUNDS.unreadShareBytes / 2;
  }

  /** Whether a mark was sent, and is not answered. */
  get isMarked(): boolean {
    return this.#mark !== undefined;
  }

  /** So many bytes more were sent. */
  sent(bytes: number, now: number): void {
    const isOld = Math.abs(now - this.#recentSince) > BOUNDS.unreadWindowMs;
    if (isOld) this.#recentSince = now;
    this.recentBytes = isOld ? bytes : this.recentBytes + bytes;
    this.silentBytes += bytes;
    this.unprovenBytes += bytes;
    if (this.#mark !== undefined) this.#mark.bytesAfter += bytes;
  }

  /** The peer showed that it lives, and maybe that it reads. */
  alive(): void {
    this.silentBytes = 0;
    this.recentBytes = 0;
    this.#recentSince = Number.NEGATIVE_INFINITY;
    this.#lookAt = 0;
  }

  /** Whether it is time to look at the peer's pings, after more was sent. */
  isLookDue(limit: number): boolean {
    return this.silentBytes >= Math.max(this.#lookAt, Math.min(BOUNDS.unreadLookBytes, limit));
  }

  /** After a look at when its last ping was answered. */
  looked(answeredAt: number | undefined): void {
    if (answeredAt === this.#answeredAt) {
      this.#lookAt = this.silentBytes + BOUNDS.unreadLookBytes;
      return;
    }
    this.#answeredAt = answeredAt;
    this.alive();
  }

  /** Whether it is time for a mark: the first comes early, for it tells who knows marks at all. */
  isMarkDue(staggerBytes: number, limit: number): boolean {
    if (this.#mark !== undefined) return false;
    if (this.#isDoubtedAtOnce && !this.isProven) return true;
    const due = this.isProven ? BOUNDS.markBytes : BOUNDS.firstMarkBytes + staggerBytes;
    return this.unprovenBytes >= Math.min(due, limit / 2);
  }

  /** A mark was sent. */
  marked(id: string, now: number): void {
    this.#mark = { id, at: now, bytesAfter: 0 };
  }

  /** The peer said what is to be said to a mark; false when it is not the one that is waited for. */
  answered(id: string): boolean {
    if (id !== this.#mark?.id) return false;
    this.isProven = true;
    this.unprovenBytes = this.#mark.bytesAfter;
    this.#mark = undefined;
    this.alive();
    return true;
  }

  /** Whether an answer has been waited for, for long. */
  isOverdue(now: number): boolean {
    return this.#mark !== undefined && Math.abs(now - this.#mark.at) > BOUNDS.markAnswerMs;
  }

  /** Somebody like it has shown to read: half of what is doubted is taken for read. */
  trust(): void {
    this.#trustedBytes += this.doubted / 2;
  }
}

function atLeast(bound: number, bytes: number): number {
  return bytes >= bound ? bytes : 0;
}
