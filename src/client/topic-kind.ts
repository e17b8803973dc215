import type { JoinedRoom, JoinedTopic, LastValue } from "../protocol/server-frame.ts";
import type { Audience } from "./audience.ts";
import type { Reset } from "./room-event.ts";
import type { ForwardedFrame, RoomKind } from "./room-kind.ts";
import type { TopicEvents } from "./topic-event.ts";

/** What only a topic does: it keeps the last value of each event. */
export class TopicKind implements RoomKind {
  /** Nothing that is stored could be missed but its last values, and those come on joining. */
  readonly losesByGaps = false;
  readonly #audience: Audience<TopicEvents>;
  #last: ReadonlyMap<string, LastValue> = new Map();

  constructor(audience: Audience<TopicEvents>) {
    this.#audience = audience;
  }

  get last(): Readonly<Record<string, LastValue>> {
    return Object.fromEntries(this.#last);
  }

  snapshot(joined: JoinedRoom): JoinedTopic {
    return { ...asTopic(joined), last: this.last };
  }

  /** This user published something: nobody tells them. */
  published(event: string, value: LastValue): void {
    this.#keep(event, value);
    this.#audience.emit("last", this.last);
  }

  greeted(joined: JoinedRoom, reset: Reset | undefined): void {
    const known = reset?.reason === "epoch" ? [] : this.#last;
    // Values may be unknown to whoever greets, but a topic forgets none.
    this.#last = new Map([...known, ...Object.entries(asTopic(joined).last)]);
  }

  heard(frame: ForwardedFrame): void {
    switch (frame.type) {
      case "joined_room":
        this.#audience.emit("joined_room", asTopic(frame.payload), frame);
        this.#audience.emit("last", this.last);
        break;
      case "event": {
        const { event, data } = frame.payload;
        this.#keep(event, { data, timestamp: frame.timestamp });
        this.#audience.emit("event", frame.payload, frame);
        this.#audience.emit("last", this.last);
        break;
      }
      case "error":
        this.#audience.emit("error", frame.payload, frame);
        break;
    }
  }

  #keep(event: string, value: LastValue): void {
    this.#last = new Map([...this.#last, [event, value]]);
  }
}

/** The shape of a greeting was checked by its room's kind, when it came in. */
function asTopic(joined: JoinedRoom): JoinedTopic {
  return joined as unknown as JoinedTopic;
}
