import { CLOSE_CODES } from "../protocol/close-code.ts";
import type { Refusal } from "../protocol/error.ts";
import { iso } from "../protocol/iso.ts";
import { closeCodeFor } from "../protocol/refusal-close.ts";
import type { Cursor } from "./address.ts";
import { type Reading, refusalFrame } from "./http-channel.ts";
import { type PollStart, polledKind } from "./poll-greeting.ts";
import type { PollPage } from "./poll-page.ts";
import type { PolledKind } from "./polled-kind.ts";

/** Who polls one room, by requests that may be others' too. */
export class PollMember {
  readonly reading: Reading;
  readonly #over: (code: number) => void;
  readonly #kind: PolledKind;
  #cursor: Cursor;
  /** What was told of a topic's newest values. */
  #last: unknown;

  /**
   * @param start what it was greeted with.
   * @param over is told once when it polls no more, with a close code.
   */
  constructor(reading: Reading, { cursor, last }: PollStart, over: (code: number) => void) {
    this.reading = reading;
    this.#kind = polledKind(reading.visit);
    this.#cursor = cursor;
    this.#last = last;
    this.#over = over;
  }

  get room(): string {
    return this.reading.visit.room;
  }

  /** Where its next poll goes on. */
  get cursor(): Cursor {
    return this.#cursor;
  }

  /** A poll was answered; `false` when that brought no frame. */
  take(page: PollPage): boolean {
    // Whoever comes back is told what was lost.
    if (!page.recovered) {
      this.end(CLOSE_CODES.restart.code);
      return true;
    }
    const { environment, heard } = this.reading;
    const news = this.#kind.news?.(page, this.#last, iso(environment.now())) ?? [];
    const frames = [...page.frames, ...news];
    this.#cursor = page.cursor;
    this.#last = page.last ?? this.#last;
    heard(frames);
    return frames.length > 0;
  }

  /** The server takes its polls no more. */
  refuse(refusal: Refusal): void {
    this.reading.heard([refusalFrame(this.reading.environment, refusal)]);
    this.end(closeCodeFor(refusal.code));
  }

  /** It polls no more. */
  end(code: number): void {
    this.#over(code);
  }
}
