import type { ClientFrame } from "../../protocol/client-frame.ts";
import type { LastValue } from "../../protocol/server-frame.ts";

/** What is said in a topic beside what is said in every room. */
export type TopicFrame = Extract<ClientFrame, { readonly type: "publish" }>;

/** What decisions in a topic ask of it: to keep the newest value of an event. */
export interface TopicChange {
  readonly event: string;
  readonly value: LastValue;
}
