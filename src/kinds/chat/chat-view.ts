import type { Refusal } from "../../protocol/error.ts";
import type { Actor } from "../../room/actor.ts";
import type { LogEntry } from "../../room/log/log.ts";

/** What decisions in a chat may look at, those included that were made earlier in the same flush. */
export interface ChatView {
  readonly name: string;
  /** Names this life of the log. */
  readonly epoch: string;
  /** `seq` of the newest event. */
  readonly head: number;
  entry(seq: number): LogEntry | undefined;
  /** `seq` of the newest reaction that said just this, as far as it is worth looking for. */
  reactionEvent(target: number, payload: string): number | undefined;
  isTyping(connectionId: string | undefined): boolean;
  /** Whether the room knows a person, who may then hear of a mention. */
  knows(userId: string): boolean;
  /** Why an actor may not tell so many people of a message now. */
  refusesMentions(actor: Actor, people: number, now: number): Refusal | undefined;
}

/** What decisions in a chat ask of it beside what every room does. */
export type ChatChange =
  | {
      readonly do: "typing";
      readonly connectionId: string | undefined;
      readonly typing: boolean;
    }
  /** Counts people who were told of a message against its sender's quota. */
  | { readonly do: "spend"; readonly actor: Actor; readonly people: number };
