/** Where a connection goes in, and as whom. */
export interface Entrance {
  readonly port: number;
  /** Request target, with its query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** How a server is spoken to. Everything is text that is looked for or sent, and nothing is decoded. */
export interface Dialect {
  /** @param index a number of the connection's own; servers with users make it one. */
  entrance(index: number): Entrance;
  /** Sent once the socket is open. */
  readonly greeting?: string;
  /** What is said once the server has told that it knows who is there; the welcome comes after that. */
  readonly letIn?: { readonly told: string; readonly reply: string };
  /** Text in the frame that says that the connection is in; without it the upgrade says so. */
  readonly welcome?: string;
  /** A frame that asks for `content` to be told to everyone. */
  message(id: number, content: string): string;
  /** Whether nothing is answered: what is said in passing. */
  readonly isUnanswered?: boolean;
  /** Whether a sender hears no copy of its own message. */
  readonly skipsSender?: boolean;
  /** What stands right before a copy, of a server that tells a message in several ways, each frame alone. */
  readonly copy?: string;
  /** Where answers are found; without it a sender's own copy is taken as the answer. */
  readonly answer?: AnswerPattern;
  /** Whether the server promises everyone the same order, each sender's own in it; checked then. */
  readonly isOrdered?: boolean;
  /** What an idle client sends to be known alive; without it a WebSocket ping. */
  readonly heartbeat?: string;
  /** A frame that renews the token of the user of a connection, where tokens end. */
  renewal?(index: number): string;
  /** A server's one-byte ping, and what it wants to hear. */
  readonly pinged?: { readonly byte: number; readonly reply: string };
}

/** An answer is `before`, the message's number, and `success` so many characters after it. */
export interface AnswerPattern {
  readonly before: string;
  /** From the end of the number to the first letter of `true` or `false`. */
  readonly toSuccess: number;
}
