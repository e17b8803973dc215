/**
 * The body of a response that is written as things happen, at its reader's pace, with a bound on
 * what may wait in memory.
 */
export class BoundedStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #encoder = new TextEncoder();
  readonly #boundBytes: number;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  /** What waits beyond the bound because the reader has a right to it. */
  #owedBytes = 0;

  /** @param onCancel called when the reader has gone away. */
  constructor(boundBytes: number, onCancel: () => void) {
    this.#boundBytes = boundBytes;
    this.body = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        cancel: () => {
          this.#controller = undefined;
          onCancel();
        },
      },
      { highWaterMark: boundBytes, size: (chunk) => chunk?.byteLength ?? 0 },
    );
  }

  /**
   * Writes text. `owed` text is not counted against the bound: whoever asks for what they missed
   * gets it all at once, and must not be dropped for that. Returns false, with nothing written,
   * when the reader is too slow.
   */
  write(text: string, { owed = false }: { owed?: boolean } = {}): boolean {
    const controller = this.#controller;
    if (controller === undefined) return true;
    const queuedBytes = this.#boundBytes - (controller.desiredSize ?? 0);
    if (queuedBytes === 0) this.#owedBytes = 0;
    if (!owed && queuedBytes - this.#owedBytes >= this.#boundBytes) return false;
    const chunk = this.#encoder.encode(text);
    if (owed) this.#owedBytes += chunk.byteLength;
    controller.enqueue(chunk);
    return true;
  }

  /** Ends the response once everything written has been read. */
  end(): void {
    this.#controller?.close();
    this.#controller = undefined;
  }

  /** Breaks the response off and lets go of what waits. */
  abort(reason: string): void {
    this.#controller?.error(new Error(reason));
    this.#controller = undefined;
  }
}
