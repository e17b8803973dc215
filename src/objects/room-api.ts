import type { Notify } from "../kinds/inbox/inbox-frame.ts";
import type { InboxQuery } from "../kinds/inbox/inbox-store.ts";
import type { Notice } from "../kinds/inbox/notice.ts";
import type { ClientFrame } from "../protocol/client-frame.ts";
import type { Cursor } from "../protocol/cursor.ts";
import type { Refusal } from "../protocol/error.ts";
import type { HttpFrameType } from "../protocol/frames.ts";
import type {
  Asked,
  DeadLetterPage,
  Imported,
  Kicked,
  Resent,
  RoomStats,
} from "../protocol/http-answer.ts";
import type { Json } from "../protocol/json.ts";
import type { User } from "../protocol/message.ts";
import type { Actor } from "../room/actor.ts";
import type { Outcome } from "../room/flush/outcome.ts";
import type { PageQuery } from "../room/log/log.ts";
import type { DeadLetterQuery } from "../room/store/dead-letters.ts";

/** This module has types alone: the edge may import no other of the objects'. */
export type { MetricsObject } from "./metrics-object.ts";
export type { Actor, InboxQuery, RoomStats };

/** The rooms, as the Worker's binding names them. */
export type RoomNamespace = DurableObjectNamespace<RoomApi & Rpc.DurableObjectBranded>;

/** A result over RPC: refusals are values, for errors lose their shape on the way. */
export type RoomResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: Refusal };

/** A frame that can be submitted over HTTP. */
export type HttpFrame = Notify | Extract<ClientFrame, { readonly type: HttpFrameType }>;

/** An event of a team's own kind over HTTP: its contract is the room's to hold it to. */
export interface OwnEvent {
  readonly type: string;
  readonly messageId: string;
  readonly sentAt?: number | undefined;
  readonly payload: Json;
}

/** A signal of a team's own kind over HTTP: nothing is stored, so it needs no key. */
export interface OwnSignal {
  readonly type: string;
  readonly payload: Json;
}

/** What the Worker and other rooms ask of a room by RPC, beside the upgrade that goes through `fetch`. */
export interface RoomApi {
  /** Submits a frame and answers once its flush is durable. */
  submit(actor: Actor, frame: HttpFrame | OwnEvent | OwnSignal): Promise<Outcome>;
  /** Takes what other rooms have for this inbox; an outcome each, in order. */
  deliver(notices: readonly Notice[], version?: number): Promise<readonly Outcome[]>;
  /** A page of history: the JSON text of a `MessagePage`. */
  history(actor: Actor, query: PageQuery): Promise<RoomResult<string>>;
  /** A page of an inbox: the JSON text of a `NotificationPage`. */
  notifications(actor: Actor, query: InboxQuery): Promise<RoomResult<string>>;
  /** What was missed since a cursor: the JSON text of a `PollPage`. */
  poll(actor: Actor, cursor: Cursor | undefined): Promise<RoomResult<string>>;
  /** What a room of a team's own kind has come to: the JSON text of `{state, epoch, seq}`. */
  state(actor: Actor): Promise<RoomResult<string>>;
  /** A document as a client wrote it down: the JSON text of `{version, snapshot, epoch, seq}`. */
  snapshot(actor: Actor): Promise<RoomResult<string>>;
  /** Answers a query of a team's own kind: the JSON text of `{success: true, output}`. */
  query(actor: Actor, name: string, input: Json | undefined): Promise<RoomResult<string>>;
  /** What happened here since the room's first day. */
  stats(actor: Actor): Promise<RoomResult<RoomStats>>;
  /** Who is here, each with the JSON that it shows of itself. */
  users(actor: Actor): Promise<RoomResult<readonly (User & { readonly data?: unknown })[]>>;
  /** Ends a user's connections, and bans it when `banSeconds` is above 0. */
  kick(actor: Actor, userId: string, banSeconds: number): Promise<RoomResult<Kicked>>;
  /** Has the rule of the room's kind asked anew about those inside, or one of them. Only for the backend. */
  reauthorize(actor: Actor, userId: string | undefined): Promise<RoomResult<Asked>>;
  unban(actor: Actor, userId: string): Promise<RoomResult<null>>;
  /** Ends every connection, and erases everything. Only for the backend. */
  erase(actor: Actor): Promise<RoomResult<null>>;
  /** The whole room as lines of JSON, read as they are taken. Only for the backend. */
  archive(actor: Actor): Promise<RoomResult<ReadableStream<Uint8Array>>>;
  /** Takes such lines into an empty room, whole or not at all. Only for the backend. */
  restore(actor: Actor, lines: ReadableStream<Uint8Array>): Promise<RoomResult<Imported>>;
  /** A page of what was given up here. Only for the backend. */
  deadLetters(actor: Actor, query: DeadLetterQuery): Promise<RoomResult<DeadLetterPage>>;
  /** Sends one of it again, or all. Only for the backend. */
  resend(actor: Actor, id: number | undefined): Promise<RoomResult<Resent>>;
  /** Drops the last value of a topic's event. */
  forgetLast(actor: Actor, event: string): Promise<RoomResult<null>>;
}
