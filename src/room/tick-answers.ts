import type { Counted } from "../protocol/ack.ts";
import { EncodedFrame } from "../protocol/encoded-frame.ts";
import type { Refusal } from "../protocol/error.ts";
import { iso } from "../protocol/iso.ts";
import type { Connection } from "./connections/connection.ts";
import { answerFrame } from "./flush/outcome.ts";

const NONE: readonly EncodedFrame[] = [];

/**
 * What of connections the next tick has to answer: an `ack` goes out with what the tick tells, for a
 * send of its own would cost as much as telling it. How much waits is bounded by what a connection may
 * send until then.
 */
export class TickAnswers {
  /** Their messageIds. */
  readonly #owed = new Map<Connection, string[]>();

  /** Those who are owed an answer. */
  get connections(): readonly Connection[] {
    return [...this.#owed.keys()];
  }

  owe(connection: Connection, messageId: string): void {
    const owed = this.#owed.get(connection);
    if (owed === undefined) this.#owed.set(connection, [messageId]);
    else owed.push(messageId);
  }

  /** A connection is gone, and cannot be told any more. */
  forget(connection: Connection): void {
    this.#owed.delete(connection);
  }

  /**
   * Answers all that a connection is owed.
   *
   * @param outcomeOf what became of all of it.
   * @param now milliseconds since the epoch.
   */
  take(
    connection: Connection,
    outcomeOf: (connection: Connection) => Counted | Refusal,
    now: number,
  ): readonly EncodedFrame[] {
    const owed = this.#owed.get(connection);
    if (owed === undefined) return NONE;
    this.#owed.delete(connection);
    const outcome = outcomeOf(connection);
    return owed.flatMap((messageId) => answer(messageId, outcome, now) ?? []);
  }
}

function answer(messageId: string, outcome: Counted | Refusal, now: number) {
  if ("code" in outcome) return answerFrame({ messageId }, { ok: false, error: outcome }, now);
  const { tick } = outcome;
  return EncodedFrame.of({
    type: "ack",
    messageId,
    timestamp: iso(now),
    payload: { success: true, tick },
  });
}
