import type { Json } from "../../protocol/json.ts";

/** What is said in a room of a team's own kind: an event, or a signal; its payload as its schema put it out. */
export interface OwnFrame {
  readonly type: string;
  readonly payload: Json;
  /** Of an event. */
  readonly messageId?: string;
  readonly sentAt?: number | undefined;
}
