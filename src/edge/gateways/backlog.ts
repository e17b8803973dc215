import { isWrittenMark } from "../../protocol/written-mark.ts";

/**
 * How much was sent to a client of many rooms that it has not shown to have read. Its messages come in
 * order: whoever answers a mark of one room has read what came before it of all of them. A room bounds
 * what is unread of it alone, and the Worker's memory is shared by all who are connected to it.
 */
export class Backlog {
  readonly #answersMarks: boolean;
  #sent = 0;
  #read = 0;
  /** Where the mark stands that each room has sent last. */
  readonly #marks = new Map<string, number>();

  /** @param answersMarks whether the client is sent marks; of one that is not, anything it says counts. */
  constructor(answersMarks: boolean) {
    this.#answersMarks = answersMarks;
  }

  /** How much is unread as far as is known, in bytes, or UTF-16 units of text. */
  get units(): number {
    return this.#sent - this.#read;
  }

  /** A message of a room is sent to the client, as the room wrote it. */
  send(room: string, message: string | ArrayBuffer): void {
    this.#sent += typeof message === "string" ? message.length : message.byteLength;
    if (isWrittenMark(message)) this.#marks.set(room, this.#sent);
  }

  /** The client has said something. */
  heard(): void {
    if (!this.#answersMarks) this.#read = this.#sent;
  }

  /** It answers the mark of a room; false when none is awaited. */
  answered(room: string): boolean {
    const mark = this.#marks.get(room);
    this.#marks.delete(room);
    this.#read = Math.max(this.#read, mark ?? 0);
    return mark !== undefined;
  }

  /** A room is left, and its marks with it. */
  left(room: string): void {
    this.#marks.delete(room);
  }
}
