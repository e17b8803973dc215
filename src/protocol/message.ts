import type { Json } from "./json.ts";

/** A person in a room. */
export interface User {
  readonly userId: string;
  readonly name: string;
}

/** A person in a room, and what it shows of itself there. */
export interface PresentUser extends User {
  readonly data?: Json;
}

/** Who reacted with which emoji: user ids, in the order they came. */
export type Reactions = Readonly<Record<string, readonly string[]>>;

/** A chat message as everybody sees it. */
export interface Message {
  readonly seq: number;
  readonly messageId: string;
  readonly userId: string;
  readonly userName: string;
  readonly content: string;
  /** `seq` of the message this one answers. */
  readonly replyTo?: number;
  readonly mentions?: readonly string[];
  readonly data?: Json;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly editedAt?: string;
  readonly reactions?: Reactions;
}

/** What a page of history shows in place of a message that was deleted. */
export interface DeletedMessage {
  readonly seq: number;
  readonly deleted: true;
}
