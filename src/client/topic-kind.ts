import type { Publish } from "../protocol/frames/publish.ts";
import { iso } from "../protocol/iso.ts";
import type { JoinedRoom, JoinedTopic, LastValue } from "../protocol/server-frame.ts";
import type { Audience } from "./audience.ts";
import type { ClientKind, ForwardedFrame } from "./client-kind.ts";
import type { Environment } from "./environment.ts";
import type { LastFrame } from "./frame-reader.ts";
import { isSameValue } from "./last-value.ts";
import { claimedPermissions } from "./token-claims.ts";
import type { TokenSource } from "./token-source.ts";
import type { TopicEvents } from "./topic-event.ts";

/** As many events as a room keeps the last value of. */
const EVENTS_MAX = 64;

/** What a topic needs of its client. */
interface TopicOptions {
  readonly tokens: TokenSource;
  readonly environment: Environment;
}

/** What only a topic does: it keeps the last value of each event. */
export class TopicKind implements ClientKind {
  /** Nothing that is stored could be missed but its last values, and those come on joining. */
  readonly losesByGaps = false;
  readonly #audience: Audience<TopicEvents>;
  readonly #id: string;
  readonly #options: TopicOptions;
  #last: ReadonlyMap<string, LastValue> = new Map();

  constructor(audience: Audience<TopicEvents>, id: string, options: TopicOptions) {
    this.#audience = audience;
    this.#id = id;
    this.#options = options;
  }

  get last(): Readonly<Record<string, LastValue>> {
    return Object.fromEntries(this.#last);
  }

  snapshot(joined: JoinedRoom): JoinedTopic {
    return { ...asTopic(joined), last: this.last };
  }

  /**
   * Nobody tells this user of their own values. Those of a user whose token does not allow it are
   * refused, and nobody else sees them either.
   */
  published({ event, data }: Publish): void {
    const { environment, tokens } = this.#options;
    if (!claimedPermissions(tokens.last ?? "", this.#id).includes("publish")) return;
    this.#keep(event, { data, timestamp: iso(environment.now()) });
    this.#audience.emit("last", this.last);
  }

  greeted(joined: JoinedRoom): void {
    this.#last = new Map(Object.entries(asTopic(joined).last));
  }

  heard(frame: ForwardedFrame | LastFrame): void {
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
      case "last":
        this.#change(frame.changed);
        break;
      case "error":
        this.#audience.emit("error", frame.payload, frame);
        break;
    }
  }

  #change(changed: LastFrame["changed"]): void {
    const before = this.#last;
    for (const [event, value] of changed) {
      if (isSameValue(value, this.#last.get(event))) continue;
      if (value === undefined) this.#last = without(this.#last, event);
      else this.#keep(event, value);
    }
    if (this.#last !== before) this.#audience.emit("last", this.last);
  }

  #keep(event: string, value: LastValue): void {
    const last = without(this.#last, event).set(event, value);
    const [oldest] = last.keys();
    if (last.size > EVENTS_MAX && oldest !== undefined) last.delete(oldest);
    this.#last = last;
  }
}

function without(values: ReadonlyMap<string, LastValue>, event: string): Map<string, LastValue> {
  return new Map([...values].filter(([name]) => name !== event));
}

/** The shape of a greeting was checked by its room's kind, when it came in. */
function asTopic(joined: JoinedRoom): JoinedTopic {
  return joined as unknown as JoinedTopic;
}
