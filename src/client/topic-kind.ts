import type { JoinedRoom, JoinedTopic, LastValue } from "../protocol/server-frame.ts";
import { Emitter } from "./emitter.ts";
import type { Environment } from "./environment.ts";
import type { Reset, StatusChange } from "./room-event.ts";
import type { ForwardedFrame, RoomKind } from "./room-kind.ts";
import type { TopicEvents } from "./topic-event.ts";

/** What only a topic does: it keeps the last value of each event. */
export class TopicKind implements RoomKind {
  readonly events: Emitter<TopicEvents>;
  #last: ReadonlyMap<string, LastValue> = new Map();

  constructor(environment: Environment) {
    this.events = new Emitter((error) => environment.report(error));
  }

  get last(): Readonly<Record<string, LastValue>> {
    return Object.fromEntries(this.#last);
  }

  greeted(joined: JoinedRoom, reset: Reset | undefined): void {
    const known = reset?.reason === "epoch" ? [] : this.#last;
    // Values may be unknown to whoever greets, but a topic forgets none.
    this.#last = new Map([...known, ...Object.entries(asTopic(joined).last)]);
  }

  heard(frame: ForwardedFrame): void {
    switch (frame.type) {
      case "joined_room":
        this.events.emit("joined_room", asTopic(frame.payload), frame);
        this.events.emit("last", this.last);
        break;
      case "event": {
        const { event, data } = frame.payload;
        this.#last = new Map([...this.#last, [event, { data, timestamp: frame.timestamp }]]);
        this.events.emit("event", frame.payload, frame);
        this.events.emit("last", this.last);
        break;
      }
      case "error":
        this.events.emit("error", frame.payload, frame);
        break;
    }
  }

  caughtUp(): void {}

  interrupted(): void {}

  closed(): void {}

  tellStatus(change: StatusChange): void {
    this.events.emit("status", change);
    if (change.status === "closed") this.events.clear();
  }

  tellReset(reset: Reset): void {
    // A topic stores nothing that could be missed but its last values, and those come on joining.
    if (reset.reason === "epoch") this.events.emit("reset", reset);
  }

  /** Nothing that is published waits for an acknowledgement. */
  tellPending(): void {}
}

/** The shape of a greeting was checked by its room's kind, when it came in. */
function asTopic(joined: JoinedRoom): JoinedTopic {
  return joined as unknown as JoinedTopic;
}
