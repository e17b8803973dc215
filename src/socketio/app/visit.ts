import * as z from "zod";
import { type Cursor, cursorSchema } from "../../protocol/cursor.ts";
import type { Refusal } from "../../protocol/error.ts";
import { APP_BOUNDS } from "./limits.ts";

/** How an event is answered: by its callback, by the messageId that its sender gave it, by both or not. */
export const answereeSchema = z.object({
  event: z.string(),
  id: z.int().optional(),
  messageId: z.string().optional(),
});

/** Whom an answer is for. */
export type Answeree = z.infer<typeof answereeSchema>;

const lineSchema = z.object({
  frame: z.string(),
  /** Of a frame that the room answers. */
  messageId: z.string().optional(),
  to: answereeSchema,
});

/** What was said to a room. */
export type Line = z.infer<typeof lineSchema>;

/** All of a visit that goes with its client to another Worker. */
export const visitStateSchema = z.object({
  room: z.string(),
  cursor: cursorSchema.optional(),
  history: z.int(),
  joiners: z.array(answereeSchema),
  lines: z.array(lineSchema),
});

/** State of a visit. */
export type VisitState = z.infer<typeof visitStateSchema>;

/** One client in one room: where it stands, and what it said that is not answered. */
export class Visit {
  readonly room: string;
  readonly history: number;
  /** Where the client stands; `undefined` until it is in for the first time. */
  cursor: Cursor | undefined;
  /** Whether the room hears what is said now. */
  isIn = false;
  /** Tries in a row to get in. */
  tries = 0;
  /** What the room refused the client with last: why, should it end now. */
  refusal: Refusal | undefined;
  /** Of an inbox: how much is unread. */
  unread: number | undefined;
  #joiners: Answeree[];
  #lines: Line[];

  constructor({ room, cursor, history, joiners, lines }: VisitState) {
    this.room = room;
    this.cursor = cursor;
    this.history = history;
    this.#joiners = [...joiners];
    this.#lines = [...lines];
  }

  /** One more who waits for it to be entered. */
  await(joiner: Answeree): void {
    this.#joiners.push(joiner);
  }

  /** Whoever waited; none does any more. */
  takeJoiners(): readonly Answeree[] {
    const joiners = this.#joiners;
    this.#joiners = [];
    return joiners;
  }

  /** Keeps what is said until it is answered, or can be said. False when too much is kept already. */
  keep(line: Line): boolean {
    const chars = this.#lines.reduce((sum, { frame }) => sum + frame.length, line.frame.length);
    if (this.#lines.length >= APP_BOUNDS.unanswered || chars > APP_BOUNDS.unansweredChars) {
      return false;
    }
    this.#lines.push(line);
    return true;
  }

  /** It is entered: returns what is to be said now, that the room has not answered yet. */
  enter(): readonly string[] {
    this.isIn = true;
    this.tries = 0;
    const frames = this.#lines.map(({ frame }) => frame);
    this.#lines = this.#lines.filter(({ messageId }) => messageId !== undefined);
    return frames;
  }

  /** Whom the room's answer of this messageId is for. */
  answered(messageId: string | undefined): Answeree | undefined {
    const at = this.#lines.findIndex((line) => line.messageId === messageId);
    return at < 0 ? undefined : this.#lines.splice(at, 1)[0]?.to;
  }

  /** Whoever waits for anything; none does any more. */
  takeAll(): readonly Answeree[] {
    const all = [...this.takeJoiners(), ...this.#lines.map(({ to }) => to)];
    this.#lines = [];
    return all;
  }

  /** All of it. */
  get state(): VisitState {
    const { room, history } = this;
    const place = this.cursor === undefined ? {} : { cursor: this.cursor };
    return { room, history, joiners: this.#joiners, lines: this.#lines, ...place };
  }
}
