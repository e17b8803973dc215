import type { ClientFrame } from "../protocol/client-frame.ts";
import type { IncomingFrame } from "./frame-reader.ts";
import { isProtocols } from "./frame-request.ts";
import { field } from "./frame-shape.ts";
import { sortedText } from "./sorted-text.ts";

/** Longer than an echo takes; after that, the same from another of the user's tabs is news. */
const ECHO_MS = 10_000;

/**
 * Keeps whoever says something that is not stored from hearing itself. The room leaves out the
 * connection that it was said on, but what comes over HTTP comes on none. A signal that a rule has made
 * something else of is heard.
 */
export class EchoFilter {
  readonly #now: () => number;
  #userId: string | undefined;
  #expected: readonly { readonly key: string; readonly until: number }[] = [];

  constructor(now: () => number) {
    this.#now = now;
  }

  /** A frame goes out. */
  said(frame: ClientFrame): void {
    const key = keyOfSaid(frame);
    if (key === undefined) return;
    this.#expected = [...this.#living(), { key, until: this.#now() + ECHO_MS }];
  }

  /** Whether the application should see this. */
  passes(frame: IncomingFrame): boolean {
    if (frame.type === "joined_room") this.#userId = frame.payload.userId;
    const { userId, key } = heardIn(frame);
    if (userId === undefined || userId !== this.#userId) return true;
    const living = this.#living();
    const index = living.findIndex((echo) => echo.key === key);
    this.#expected = living.filter((_, place) => place !== index);
    return index === -1;
  }

  #living() {
    const now = this.#now();
    return this.#expected.filter(({ until }) => until > now);
  }
}

/** What is published, or signalled in a room of a team's own; `undefined` for all else. */
function keyOfSaid(frame: ClientFrame): string | undefined {
  if (frame.type === "publish") return keyOf("event", [frame.payload.event, frame.payload.data]);
  if (isProtocols(frame) || "messageId" in frame) return undefined;
  return keyOf(frame.type, field(frame, "payload"));
}

function heardIn(frame: IncomingFrame): { readonly userId?: unknown; readonly key?: string } {
  if (frame.type === "event") {
    const { userId, event, data } = frame.payload;
    return { userId, key: keyOf("event", [event, data]) };
  }
  // Of what is not stored, signals alone say outside of their payload who has said them.
  const userId = field(frame, "userId");
  if (userId === undefined || field(frame, "seq") !== undefined) return {};
  return { userId, key: keyOf(frame.type, field(frame, "payload")) };
}

function keyOf(type: string, data: unknown): string {
  return type + sortedText(data);
}
