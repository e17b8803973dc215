import type { Permission } from "../protocol/grant.ts";
import type { Json } from "../protocol/json.ts";
import type { PresentUser } from "../protocol/message.ts";
import type { MessagePage } from "../protocol/server-frame.ts";
import type { PageQuery } from "./address.ts";
import type { Chat } from "./chat.ts";
import type { Deadline } from "./deadline.ts";
import { EnteredRoom, type StoreOptions } from "./entered-room.ts";
import type { DataOf, EventsOf, Jsonable, RoomTypes } from "./jsonable.ts";
import type { Receipt } from "./outbox-entry.ts";
import { loadPages } from "./page-loader.ts";
import type { PendingFrame, RoomEvents, TypedMessage } from "./room-event.ts";
import type { RoomSession } from "./room-session.ts";
import { requireSeqs } from "./seq-check.ts";
import { claimedPermissions } from "./token-claims.ts";
import type { PublishOptions } from "./uplink.ts";

/** What may go with a message, and how long it is waited for. */
export interface SendOptions<Data = Json> extends StoreOptions {
  /** `seq` of the message this one answers. */
  readonly replyTo?: number | undefined;
  /** User ids, at most 20. */
  readonly mentions?: readonly string[] | undefined;
  /** Whatever the application wants beside the text, at most 4 KiB of JSON. */
  readonly data?: Data | undefined;
}

/** How a reaction is given, and how long it is waited for. */
export interface ReactOptions extends Deadline {
  /** Takes it off. */
  readonly remove?: boolean | undefined;
}

/** Keeps out what JSON cannot carry, once the type of the data is known. */
interface Checked<Data> {
  readonly data?: Jsonable<Data> | undefined;
}

/**
 * A room as one user sees it. What is sent goes out in order, survives reconnects, and is stored
 * once. Made by `client.room(id)`, each a handle of its own; closed for good by {@link leave}, or by
 * a refusal.
 */
export class Room<T extends RoomTypes = object> extends EnteredRoom<Chat, RoomEvents<T>> {
  /** The room's name. */
  readonly id: string;

  /** For the client: applications call `client.room(id)`. */
  constructor(id: string, session: RoomSession<Chat, RoomEvents>) {
    // What goes with messages is what the application says it is: nobody can check.
    super(session as unknown as RoomSession<Chat, RoomEvents<T>>);
    this.id = id;
  }

  /** The newest messages that are known, oldest first, at most 200, as they are by now. */
  get messages(): readonly TypedMessage<DataOf<T>>[] {
    return this.session.kind.messages as readonly TypedMessage<DataOf<T>>[];
  }

  /** Who is here, with what each shows, as of the last that was heard. */
  get users(): readonly PresentUser[] {
    return this.session.view.users;
  }

  /** How far each person has read: a `seq` by user id. */
  get reads(): Readonly<Record<string, number>> {
    return this.session.view.reads;
  }

  /**
   * What the token says its bearer may do here; empty before there is a token. Good for offering
   * what will be allowed; the server decides.
   */
  get permissions(): readonly Permission[] {
    const { last } = this.session.options.tokens;
    return last === undefined ? [] : claimedPermissions(last, this.id);
  }

  /** What was sent, by whatever handle of this room, and is not acknowledged yet, in order. */
  get pending(): readonly PendingFrame[] {
    return this.isLeft ? [] : this.session.outbox.pending;
  }

  /**
   * Sends a message, now or as soon as there is a connection, for as long as that takes. Resolves
   * when it is stored.
   *
   * @throws {RealtimeError} (as a rejection) the server's refusal; `disconnected` when the room is
   * closed for good; `timeout` or `aborted` at the deadline that the caller set; `outbox_full`;
   * `reset` when the log began anew and what it names is gone; `too_large`; `invalid_frame` for what
   * JSON cannot carry. Where the server did not refuse it, `outcome` says what became of it.
   */
  send<Data extends DataOf<T, unknown>>(
    content: string,
    options: SendOptions<Data> & Checked<Data> = {},
  ): Promise<Receipt> {
    const { replyTo, mentions, data } = options;
    const sent = this.store("send_message", { content, replyTo, mentions, data }, options);
    this.session.kind.typed();
    return sent;
  }

  /** Replaces a message's content. Resolves and rejects as {@link send} does. */
  edit(seq: number, content: string, deadline: Deadline = {}): Promise<Receipt> {
    return this.store("edit_message", { seq, content }, deadline);
  }

  /** Deletes a message. Resolves and rejects as {@link send} does. */
  delete(seq: number, deadline: Deadline = {}): Promise<Receipt> {
    return this.store("delete_message", { seq }, deadline);
  }

  /** Adds a reaction to a message, or takes it off. Resolves and rejects as {@link send} does. */
  react(seq: number, emoji: string, options: ReactOptions = {}): Promise<Receipt> {
    const payload = { seq, emoji, ...(options.remove === true ? { remove: true } : {}) };
    return this.store("react", payload, options);
  }

  /**
   * Call it on each keypress: others see it until five seconds after the last one, or a message.
   * Over a transport other than WebSocket nobody is told: the contract has no request for it.
   */
  typing(active = true): void {
    if (!this.isLeft) this.session.kind.type(active);
  }

  /**
   * Shows something of this user to the others while it is here, at most 2 KiB of JSON; `null` takes it
   * back. What the room refuses, `error` tells. By WebSocket alone: HTTP has no request for it.
   *
   * @throws {RealtimeError} `invalid_frame` for what JSON cannot carry; `too_large`, which is reported
   * instead where there was no connection yet.
   */
  present<Data>(data: Data & Jsonable<Data>): void {
    const json: unknown = data;
    // Checked at run time, whatever its type says.
    if (!this.isLeft) this.session.uplink.show(json as Json);
  }

  /**
   * This user has read up to this `seq`. Only ever moves up, and goes out at most once a second.
   *
   * @throws {RealtimeError} `invalid_request` when it is no `seq`.
   */
  read(upTo: number): void {
    requireSeqs(upTo);
    if (!this.isLeft) this.session.kind.read(upTo);
  }

  /**
   * Tells who is connected now. Not stored, not repeated. `false` when it was not handed to an open
   * connection, or the server's quota is used up; with `conflate` it is kept until it can go out.
   *
   * @throws {RealtimeError} `invalid_frame` for what JSON cannot carry, `too_large` for what is
   * longer than the server takes.
   */
  publish<K extends keyof EventsOf<T, unknown> & string, Data extends EventsOf<T, unknown>[K]>(
    event: K,
    data: Data & Jsonable<Data>,
    options: PublishOptions = {},
  ): boolean {
    const json: unknown = data;
    // Checked at run time, whatever its type says.
    return !this.isLeft && this.session.uplink.publish(event, json as Json, options);
  }

  /**
   * A page of the room's history, over HTTP.
   *
   * @throws {RealtimeError} the server's refusal, `unreachable`, or `timeout`.
   */
  async history(query: PageQuery = {}): Promise<MessagePage> {
    const { fetchMessages } = await loadPages();
    return fetchMessages(this.session.options, this.id, query);
  }
}
