/** One event of a stream. */
export interface StreamEvent {
  /** `message` when the stream names none. */
  readonly type: string;
  readonly data: string;
}

const LINE_END = /\r\n|\r|\n/;

/**
 * Reads an event stream out of text that is cut anywhere (HTML, §9.2.6 "Interpreting an event
 * stream"). Ids and retry times are not kept: a room's frames say themselves where they belong, and
 * when to come back is the connection's to decide.
 */
export class EventParser {
  #rest = "";
  #isFirst = true;
  #endedWithCr = false;
  #type = "";
  #data: string[] = [];

  /** Takes the next piece; gives the events that it completes, in order. */
  push(text: string): readonly StreamEvent[] {
    if (text === "") return [];
    const begun = this.#isFirst ? text.replace(/^\uFEFF/, "") : text;
    this.#isFirst = false;
    const events: StreamEvent[] = [];
    for (const line of this.#lines(begun)) {
      const event = line === "" ? this.#dispatch() : this.#take(line);
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  #lines(text: string): readonly string[] {
    // A CR ends a line at once; the LF of a CRLF that was cut there belongs to it.
    const rest = this.#endedWithCr && text.startsWith("\n") ? text.slice(1) : text;
    this.#endedWithCr = text.endsWith("\r");
    const lines = (this.#rest + rest).split(LINE_END);
    this.#rest = lines.pop() ?? "";
    return lines;
  }

  #take(line: string): undefined {
    const colon = line.indexOf(":");
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.#type = value;
    else if (name === "data") this.#data.push(value);
  }

  #dispatch(): StreamEvent | undefined {
    const event =
      this.#data.length === 0
        ? undefined
        : { type: this.#type || "message", data: this.#data.join("\n") };
    this.#type = "";
    this.#data = [];
    return event;
  }
}
