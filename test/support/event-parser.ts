/** A Server-Sent Event as a reader gets it. */
export interface ReadEvent {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** Reads an event stream as HTML §9.2.6 says, from text cut anywhere. */
export class EventParser {
  /** Complete events so far. */
  readonly events: ReadEvent[] = [];
  readonly comments: string[] = [];
  retry: number | undefined;
  lastEventId = "";
  #rest = "";
  #event = "";
  #data: string[] = [];

  push(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(line);
  }

  #take(line: string): void {
    const [, field = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (line === "") this.#dispatch();
    else if (field === "") this.comments.push(value);
    else if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id") this.lastEventId = value;
    else if (field === "retry") this.retry = Number(value);
  }

  #dispatch(): void {
    if (this.#data.length > 0) {
      this.events.push({
        event: this.#event,
        id: this.lastEventId,
        data: this.#data.join("\n"),
      });
    }
    this.#event = "";
    this.#data = [];
  }
}
