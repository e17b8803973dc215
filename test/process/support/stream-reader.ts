import { EventSource } from "eventsource";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import type { Frame } from "./frame.ts";

/** A reader of an event stream with the npm package `eventsource`, as its users would write it. */
export class StreamReader {
  /** `seq` of every message, as it came. */
  readonly seqs: number[] = [];
  readonly joined: Frame["payload"][] = [];
  lastEventId = "";
  readonly #source: EventSource;

  private constructor(url: string) {
    this.#source = new EventSource(url);
    this.#source.addEventListener("joined_room", ({ data, lastEventId }) => {
      this.joined.push((JSON.parse(data) as Frame).payload);
      this.lastEventId = lastEventId;
    });
    this.#source.addEventListener("new_message", ({ data, lastEventId }) => {
      this.seqs.push((JSON.parse(data) as Frame).seq ?? 0);
      this.lastEventId = lastEventId;
    });
  }

  /** Opens a stream; `query` beside the token. */
  static open(server: string, room: string, user: string, query = ""): StreamReader {
    const token = tokenFor(user, SECRETS.AUTH_SECRET);
    return new StreamReader(`${server}/v1/rooms/${room}/events?token=${token}${query}`);
  }

  close(): void {
    this.#source.close();
  }
}
