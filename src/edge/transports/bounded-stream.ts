/** What may wait in memory for a slow reader. */
export interface StreamBounds {
  /** Of what merely happens. */
  readonly queueBytes: number;
  /** Of what the reader has a right to. */
  readonly owedBytes: number;
}

/**
 * The body of a response that is written as things happen, at its reader's pace, with a bound on
 * what may wait in memory.
 */
export class BoundedStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #encoder = new TextEncoder();
  readonly #bounds: StreamBounds;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** At most this much of what waits is there because the reader has a right to it. */
  #owedBytes = 0;
  #isEnded = false;
  #writtenBytes = 0;
  /** What is to be done once so much of it was taken, in order. */
  readonly #marks: { readonly atBytes: number; readonly act: () => void }[] = [];

  /**
   * @param onCancel called when the reader has gone away.
   * @param onRoom called when it has taken so much that more may be written at once.
   */
  constructor(bounds: StreamBounds, onCancel: () => void, onRoom: () => void = () => {}) {
    this.#bounds = bounds;
    this.body = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => {
          this.#passMarks();
          onRoom();
        },
        cancel: () => {
          this.#controller = undefined;
          onCancel();
        },
      },
      { highWaterMark: bounds.queueBytes, size: (chunk) => chunk?.byteLength ?? 0 },
    );
  }

  /**
   * Writes text. `owed` text has a wider bound: whoever asks for what they missed gets it all at
   * once, and must not be dropped for that. Returns false, with nothing written, when the reader is
   * too slow. What finds room is written whole: or what is larger than a bound would never arrive.
   */
  write(text: string, { owed = false }: { owed?: boolean } = {}): boolean {
    const controller = this.#controller;
    if (controller === undefined || this.#isEnded) return true;
    const { queueBytes, owedBytes } = this.#bounds;
    const waitingBytes = this.#waitingBytes(controller);
    this.#owedBytes = Math.min(this.#owedBytes, waitingBytes);
    const isFull = owed
      ? this.#owedBytes >= owedBytes
      : waitingBytes - this.#owedBytes >= queueBytes;
    if (isFull) return false;
    const chunk = this.#encoder.encode(text);
    if (owed) this.#owedBytes += chunk.byteLength;
    this.#writtenBytes += chunk.byteLength;
    controller.enqueue(chunk);
    return true;
  }

  /** Acts once the reader has taken all that was written so far; never, when it goes away before. */
  whenTaken(act: () => void): void {
    this.#marks.push({ atBytes: this.#writtenBytes, act });
    this.#passMarks();
  }

  /** Ends the response once everything written has been read. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#controller?.close();
  }

  /** Breaks the response off and lets go of what waits; changes nothing once all was read. */
  abort(reason: string): void {
    this.#controller?.error(new Error(reason));
    this.#controller = undefined;
  }

  #waitingBytes({ desiredSize }: ReadableStreamDefaultController<Uint8Array>): number {
    return this.#bounds.queueBytes - (desiredSize ?? 0);
  }

  #passMarks(): void {
    const controller = this.#controller;
    if (controller === undefined || this.#isEnded) return;
    const takenBytes = this.#writtenBytes - this.#waitingBytes(controller);
    while (this.#marks[0] !== undefined && this.#marks[0].atBytes <= takenBytes) {
      this.#marks.shift()?.act();
    }
  }
}
