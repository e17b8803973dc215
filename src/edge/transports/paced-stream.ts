import { CLOSES, type Close } from "../../protocol/close.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { COMMENT, encodeRetry } from "../../protocol/server-sent-event.ts";
import { BoundedStream } from "./bounded-stream.ts";

/** Headers of an event stream. */
const HEADERS = {
  "Content-Type": "text/event-stream",
  // no-transform: compression would hold events back.
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
};

/** What whoever fills a stream is told. */
export interface PacedStreamListener {
  /** Nothing more is to be told: the connections that filled it are to be ended so. */
  over(close: Close): void;
  /** Its reader has taken so much that more may be written at once. */
  taken(): void;
}

/** A stream of Server-Sent Events at its reader's pace: comments keep it open, and who is too slow is let go of. */
export class PacedStream {
  readonly #listener: PacedStreamListener;
  readonly #stream: BoundedStream;
  readonly #comments: number;
  #isOver = false;

  constructor(listener: PacedStreamListener) {
    this.#listener = listener;
    this.#stream = new BoundedStream(
      { queueBytes: BOUNDS.streamQueueBytes, owedBytes: BOUNDS.streamOwedBytes },
      () => this.over(CLOSES.readerLeft),
      () => listener.taken(),
    );
    this.#comments = setInterval(() => this.#owe(COMMENT), BOUNDS.streamCommentMs);
    this.#owe(encodeRetry(BOUNDS.streamRetryMs));
  }

  /** The answer whose body it is. */
  get response(): Response {
    return new Response(this.#stream.body, { headers: HEADERS });
  }

  /**
   * Tells of events, as text.
   *
   * @param owed whether its reader has a right to them: of such more may wait.
   */
  tell(events: string, owed: boolean): void {
    if (this.#stream.write(events, { owed })) return;
    this.over(CLOSES.readerTooSlow);
    const abort = () => this.#stream.abort("Too slow; resume from the last event id.");
    if (!owed) {
      abort();
      return;
    }
    // What was told meanwhile comes at the end, all at once, so the best reader may get here: it takes
    // what there is and comes back for the rest. Who does not is cut off.
    this.#stream.end();
    setTimeout(abort, BOUNDS.streamDrainMs);
  }

  /** Acts once its reader has taken what was told so far. */
  whenTaken(act: () => void): void {
    this.#stream.whenTaken(act);
  }

  /** Ends it once its reader has what was told. */
  end(): void {
    clearInterval(this.#comments);
    this.#stream.end();
  }

  /** Nothing more is to be told of; what was is still read. */
  over(close: Close): void {
    clearInterval(this.#comments);
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.over(close);
  }

  #owe(text: string): void {
    this.#stream.write(text, { owed: true });
  }
}
