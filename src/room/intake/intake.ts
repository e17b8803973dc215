import { type Refusal, refusal } from "../../protocol/error.ts";
import { SYSTEM } from "../actor.ts";
import type { Connection } from "../connections/connection.ts";
import { answerFrame } from "../flush/outcome.ts";
import type { Submission } from "../flush/queue.ts";
import type { Asking } from "../frame.ts";
import type { RoomCore } from "../room-core.ts";

/** The way of frames into the queue: taken, or refused with an answer. */
export class Intake {
  readonly #core: RoomCore;

  constructor(core: RoomCore) {
    this.#core = core;
  }

  /** Queues a checked frame for the next flush. */
  submit(submission: Submission): void {
    const { queue, counters, roster, outlet } = this.#core;
    if (queue.submit(submission)) return;
    const error = refusal("rate_limited", "The room is overloaded. Try again later.", 1_000);
    counters.refused(error.code);
    const { actor, at, answer } = submission;
    const outcome = { ok: false, error } as const;
    answer?.(outcome);
    const sender = roster.open(actor.connectionId ?? "");
    const frame = answerFrame(submission, outcome, at);
    if (sender !== undefined && frame !== undefined) outlet.sendNow(sender, [frame], at);
  }

  /** Queues what is due by now, as said by the room itself, and what its clock wants kept. */
  takeDue(now: number): void {
    const { queue, state, ticking } = this.#core;
    ticking.keep();
    for (const frame of state.special.due(now)) {
      queue.push({ kind: "frame", frame, actor: SYSTEM, at: now, bytes: 0 });
    }
  }

  /**
   * Tells a connection with the next flush why something was refused.
   *
   * @param asking what the refusal answers.
   */
  refuse({ id }: Connection, asking: Asking, error: Refusal, now: number): void {
    const { queue, counters } = this.#core;
    counters.refused(error.code);
    const frame = answerFrame(asking, { ok: false, error }, now);
    if (frame === undefined) return;
    queue.push({ kind: "tell", audience: { to: "connection", connectionId: id }, frame });
  }
}
