import { PRESENCE_BOUNDS } from "../../protocol/presence-limits.ts";
import { actorOf } from "../connections/connection.ts";
import { flushDelayMs } from "../flush/flush-pace.ts";
import type { Submission } from "../flush/queue.ts";
import type { RoomCore } from "../room-core.ts";
import type { Reviews } from "./reviews.ts";

/**
 * Frames of which only the newest of a connection counts, as where its cursor is: what comes faster than
 * it is told replaces what waits, and nothing of it is refused for that. Whoever names a messageId is
 * owed an answer, and waits for nobody.
 */
export class Conflator {
  readonly #core: Pick<RoomCore, "state" | "roster">;
  readonly #onward: Pick<Reviews, "submit">;
  readonly #leastMs: number;
  #gapMs: number;
  /** By connection and type, in the order in which they came last. */
  readonly #waiting = new Map<string, Submission>();
  /** What that holds in memory, about. */
  #bytes = 0;
  #releasedAt = Number.NEGATIVE_INFINITY;

  /** @param onward where frames go whose turn it is, and all others. */
  constructor(core: RoomCore, onward: Pick<Reviews, "submit">) {
    this.#core = core;
    this.#onward = onward;
    this.#leastMs = Math.round(1_000 / core.limits.presencePerSecond);
    this.#gapMs = this.#leastMs;
  }

  /** Whether such a frame waits for its turn, and may be replaced until then. */
  holds({ frame, messageId }: Pick<Submission, "frame" | "messageId">): boolean {
    return messageId === undefined && this.#core.state.kind.conflates(frame.type);
  }

  submit(submission: Submission): void {
    const { frame, actor } = submission;
    const { connectionId } = actor;
    if (connectionId === undefined || !this.#core.state.kind.conflates(frame.type)) {
      this.#onward.submit(submission);
      return;
    }
    if (this.holds(submission)) {
      this.#take(nameOf(connectionId, frame.type));
      this.#waiting.set(nameOf(connectionId, frame.type), submission);
      this.#bytes += submission.bytes;
      if (this.#bytes > PRESENCE_BOUNDS.waitingBytes) this.#passAll();
      return;
    }
    // What was said before it, in another place of its person too, must not come after it.
    for (const { id } of this.#core.roster.of(actor.userId)) {
      const before = this.#take(nameOf(id, frame.type));
      if (before !== undefined) this.#pass(before);
    }
    this.#onward.submit(submission);
  }

  /** Whether any waits. */
  get isPending(): boolean {
    return this.#waiting.size > 0;
  }

  /** How long that is until they have their turn, in milliseconds. */
  delayMs(now: number): number {
    return flushDelayMs(this.#gapMs, this.#releasedAt, now);
  }

  /** Passes on those that wait, if it is time for it. */
  release(now: number): void {
    // A clock that was set back has them wait for one gap, and not until it is where it was.
    const isEarly = now >= this.#releasedAt && this.delayMs(now) > 0;
    if (!this.isPending || isEarly) return;
    this.#releasedAt = now;
    const crowdMs = Math.round((this.#waiting.size * 1_000) / PRESENCE_BOUNDS.toldPerSecond);
    this.#gapMs = Math.max(this.#leastMs, crowdMs);
    this.#passAll();
  }

  /** Takes out what waits, if anything: what comes after it waits behind the others. */
  #take(name: string): Submission | undefined {
    const before = this.#waiting.get(name);
    this.#waiting.delete(name);
    this.#bytes -= before?.bytes ?? 0;
    return before;
  }

  #passAll(): void {
    for (const submission of this.#waiting.values()) this.#pass(submission);
    this.#waiting.clear();
    this.#bytes = 0;
  }

  /** With its sender as they are by now; not of one that has gone. */
  #pass(submission: Submission): void {
    const connection = this.#core.roster.open(submission.actor.connectionId ?? "");
    if (connection === undefined) return;
    this.#onward.submit({ ...submission, isConflated: true, actor: actorOf(connection) });
  }
}

function nameOf(connectionId: string, type: string): string {
  return `${connectionId} ${type}`;
}
