import * as z from "zod";
import type { Close } from "../../protocol/close.ts";
import type { Refusal } from "../../protocol/error.ts";
import { markSchema } from "../../protocol/frames/connection-schema.ts";
import { type TextFrame, unbundle } from "../../protocol/unbundle.ts";
import { isWrittenMark } from "../../protocol/written-mark.ts";
import type { Call } from "../call.ts";
import type { Visitor } from "../visitor.ts";
import type { EntryOptions } from "./enter-room.ts";
import { type InnerLine, openLine } from "./inner-line.ts";

/** A ping, but not by the very text that the platform answers while the room sleeps. */
export const WAKING_PING = '{"type": "ping"}';

const markFrameSchema = z.object({ payload: markSchema });

/** A connection for an adapter, or why the room refuses it. */
export type Opened =
  | { readonly ok: true; readonly inner: InnerSocket }
  | { readonly ok: false; readonly error: Refusal };

/** Opens a connection to the room on a visitor's behalf; see {@link openLine}. */
export async function openInner(
  call: Pick<Call, "env" | "lifetime">,
  visitor: Visitor,
  options: Omit<EntryOptions, "wire">,
): Promise<Opened> {
  const opened = await openLine(call, visitor, { ...options, wire: "json" });
  return opened.ok ? { ok: true, inner: new InnerSocket(opened.line) } : opened;
}

/** What an adapter does with what it hears. */
export interface InnerListener {
  /** One message of the room as it came: a frame, or a batch, unparsed; see {@link framesOf}. */
  heard(message: string): void;
  /** The room asks to be told, by `answer`, when its reader has taken what was heard before. */
  marked(answer: () => void): void;
  /** Nothing more comes: the room, or the network to it, ended the connection. */
  ended(close: Close): void;
}

/** A connection to a room for clients that have none (wire "json"), whose marks are answered for them. */
export class InnerSocket {
  readonly #line: InnerLine;

  constructor(line: InnerLine) {
    this.#line = line;
  }

  /** Resolves when both ends have closed. */
  get closed(): Promise<void> {
    return this.#line.closed;
  }

  /** Begins to listen. Nothing sent before is lost. */
  listen({ heard, marked, ended }: InnerListener, heartbeatMs: number): void {
    const answered = (data: string) => marked(() => this.send(answerToMark(data)));
    const listener = {
      heard: (data: string | ArrayBuffer) => {
        if (typeof data !== "string") return;
        if (isWrittenMark(data)) answered(data);
        else heard(data);
      },
      ended,
    };
    this.#line.listen(listener, heartbeatMs);
  }

  /** Says a frame to the room, as JSON text; nothing once the connection is over. */
  send(frame: string): void {
    this.#line.send(frame);
  }

  /** Tells the room that what it sent was taken. */
  alive(): void {
    this.send(WAKING_PING);
  }

  /** Ends the connection; nothing more is heard. The reason goes to the room's log. */
  close(close: Close): void {
    this.#line.close(close);
  }
}

/** The frame that answers a mark, both as JSON text. */
export function answerToMark(mark: string): string {
  const { payload } = markFrameSchema.parse(JSON.parse(mark));
  return JSON.stringify({ type: "read_mark", payload });
}

/** The frames of a message of the room, for an adapter that takes them one by one; answers to pings are none. */
export function framesOf(message: string): readonly TextFrame[] {
  return unbundle(message).filter(({ type }) => type !== "pong");
}

/** Acts when the client has gone away, as far as the platform notices. */
export function whenGone({ signal }: Request, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener("abort", act, { once: true });
}
