import * as z from "zod";
import type { Cursor } from "../../protocol/cursor.ts";
import { isGreeting } from "../../protocol/greeting.ts";
import type { TextFrame } from "../../protocol/unbundle.ts";

const joinedSchema = z.object({
  epoch: z.string(),
  seq: z.int(),
  recovered: z.boolean(),
  /** Where what follows begins, of a room that also tells those of its log who do not resume. */
  from: z.int().optional(),
});

/**
 * Follows what a reader is shown, frame by frame, and knows where it stands after each. A reader
 * that resumes stands where it was until it is shown what it missed: its greeting already tells
 * the log's head, but whoever goes away right after it has not seen that far.
 */
export class Reading {
  readonly #from: Cursor | undefined;
  #joined: z.infer<typeof joinedSchema> | undefined;
  #seq = 0;

  /** @param from the cursor that the reader brought. */
  constructor(from: Cursor | undefined) {
    this.#from = from;
  }

  /** Takes the next frame that the reader is shown; says whether its cursor moved. */
  follow({ type, seq, payload }: TextFrame): boolean {
    if (isGreeting(type)) {
      const joined = joinedSchema.parse(payload);
      this.#joined = joined;
      this.#seq = joined.recovered ? (this.#from?.seq ?? 0) : (joined.from ?? joined.seq);
      return true;
    }
    if (seq === undefined) return false;
    this.#seq = seq;
    return true;
  }

  /** Where the reader resumes; `undefined` until the greeting. */
  get cursor(): Cursor | undefined {
    return this.#joined === undefined ? undefined : { epoch: this.#joined.epoch, seq: this.#seq };
  }

  /** Whether the room took up the reader's own cursor. */
  get recovered(): boolean {
    return this.#joined?.recovered === true;
  }

  /** Whether the reader is still owed what it missed: the greeting, and events up to the head it tells. */
  get isBehind(): boolean {
    return this.#joined === undefined || this.#seq < this.#joined.seq;
  }
}
