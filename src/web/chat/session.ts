import { type Room, uuid } from "../../client/index.ts";
import { connectionOf, problemOf } from "../connection/from-sdk.ts";
import { pendingChanges } from "./pending-changes.ts";
import { TAKEN_TYPES } from "./state/frame.ts";
import { type Outgoing, sendOptions } from "./state/outgoing.ts";
import { type Action, reduce } from "./state/reduce.ts";
import { type ChatState, initialState } from "./state/state.ts";

/** What a session needs of the SDK's room. */
export type ChatRoom = Pick<
  Room,
  | "id"
  | "joined"
  | "status"
  | "pending"
  | "permissions"
  | "on"
  | "send"
  | "edit"
  | "delete"
  | "react"
  | "typing"
  | "read"
  | "history"
  | "leave"
>;

/** A page of older history; and, when looking for one message, a longer one. */
const PAGE = 50;
const LONG_PAGE = 200;

/** Ties the SDK's room to the page's picture of it: what happens goes in, what one does goes out. */
export class ChatSession {
  readonly #room: ChatRoom;
  readonly #unsubscribe: (() => void)[];
  readonly #listeners = new Set<() => void>();
  #state: ChatState;
  #isTold = true;
  /** The page of history that is on its way. */
  #loading: Promise<void> | undefined;

  constructor(room: ChatRoom) {
    this.#room = room;
    this.#state = initialState(room.id);
    this.#unsubscribe = [
      ...TAKEN_TYPES.map((type) =>
        room.on(type, (...[, frame]) => this.#dispatch({ type: "frame", frame })),
      ),
      ...(["joined_room", "token_refreshed"] as const).map((type) =>
        room.on(type, () => this.#dispatch({ type: "granted", permissions: room.permissions })),
      ),
      room.on("status", (change) =>
        this.#dispatch({
          type: "connection",
          connection: connectionOf(change, this.#state.connection, Date.now()),
        }),
      ),
      room.on("pending", () =>
        this.#dispatch({ type: "changes", changes: pendingChanges(room.pending) }),
      ),
    ];
    this.#catchUp();
  }

  /** What is known now. A new object whenever something changed. */
  get state(): ChatState {
    return this.#state;
  }

  /** Whether everything that was written is stored, or given up. */
  get isSettled(): boolean {
    return this.#room.pending.length === 0;
  }

  /** Calls back after changes, once for all of one turn of the loop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Writes a message. It is shown at once and sent when there is a connection. */
  send(content: string, about: Pick<Outgoing, "replyTo" | "mentions">): void {
    const message: Outgoing = {
      ...about,
      messageId: uuid(),
      content,
      timestamp: new Date().toISOString(),
      delivery: { state: "waiting" },
    };
    this.#dispatch({ type: "written", message });
    this.#deliver(message);
  }

  /**
   * Tries a failed message again, under the same id: soon after the first try it is stored once
   * whatever happened before.
   */
  retry(messageId: string): void {
    const message = this.#state.outgoing.find((one) => one.messageId === messageId);
    this.#dispatch({ type: "retried", messageId });
    if (message !== undefined) this.#deliver(message);
  }

  /** Gives a failed message up. */
  discard(messageId: string): void {
    this.#dispatch({ type: "discarded", messageId });
  }

  /** Replaces the content of a message. */
  edit(seq: number, content: string): void {
    this.#watch(this.#room.edit(seq, content));
  }

  /** Deletes a message. */
  delete(seq: number): void {
    this.#watch(this.#room.delete(seq));
  }

  /** Adds one's reaction, or takes it off when it is there. */
  toggleReaction(seq: number, emoji: string, isMine: boolean): void {
    this.#watch(this.#room.react(seq, emoji, { remove: isMine }));
  }

  /** Says whether one is writing. */
  typing(active: boolean): void {
    this.#room.typing(active);
  }

  /** Says that one has seen the message with this seq and all before it. */
  read(upTo: number): void {
    const { me, reads, connection } = this.#state;
    if (connection.state !== "open" || upTo <= (reads.get(me) ?? 0)) return;
    this.#dispatch({ type: "read", upTo });
    this.#room.read(upTo);
  }

  /** Fetches the page before what is at hand, if there is one; or waits for the one on its way. */
  loadOlder(limit = PAGE): Promise<void> {
    this.#loading ??= this.#fetchOlder(limit).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  /** Fetches history until the message with this seq is at hand, if it can be had. */
  async loadUntil(seq: number): Promise<void> {
    for (;;) {
      const oldest = this.#state.entries[0]?.seq;
      if (oldest === undefined || oldest <= seq) return;
      await this.loadOlder(LONG_PAGE);
      if (this.#state.entries[0]?.seq === oldest) return;
    }
  }

  /** Lets go of old messages when there are many: a tab may stay open for days. */
  trim(): void {
    this.#dispatch({ type: "trimmed" });
  }

  /** Takes the last refusal off the page. */
  dismissProblem(): void {
    this.#dispatch({ type: "problem", problem: undefined });
  }

  /** Leaves the room. */
  async close(): Promise<void> {
    for (const off of this.#unsubscribe) off();
    await this.#room.leave();
  }

  /** A room that was entered and left in one go is open already, and will not say so. */
  #catchUp(): void {
    const { joined, status, permissions } = this.#room;
    if (joined === undefined || status !== "open") return;
    const timestamp = new Date().toISOString();
    this.#dispatch({ type: "connection", connection: { state: "open" } });
    this.#dispatch({ type: "frame", frame: { type: "joined_room", timestamp, payload: joined } });
    this.#dispatch({ type: "granted", permissions });
    this.#dispatch({ type: "changes", changes: pendingChanges(this.#room.pending) });
  }

  async #fetchOlder(limit: number): Promise<void> {
    const before = this.#state.entries[0]?.seq;
    if (this.#state.older.state !== "more" || before === undefined) return;
    this.#dispatch({ type: "older_asked" });
    try {
      const page = await this.#room.history({ before, limit });
      this.#dispatch({ type: "older_came", before, page });
    } catch (error) {
      this.#dispatch({ type: "older_failed", problem: problemOf(error) });
    }
  }

  #deliver(message: Outgoing): void {
    const { messageId } = message;
    this.#room.send(message.content, sendOptions(message)).then(
      ({ savedId }) => this.#dispatch({ type: "stored", messageId, savedId }),
      (error: unknown) => this.#dispatch({ type: "refused", messageId, problem: problemOf(error) }),
    );
  }

  #watch(change: Promise<unknown>): void {
    change.catch((error: unknown) =>
      this.#dispatch({ type: "problem", problem: problemOf(error) }),
    );
  }

  #dispatch(action: Action): void {
    this.#state = reduce(this.#state, action);
    if (!this.#isTold) return;
    this.#isTold = false;
    queueMicrotask(() => {
      this.#isTold = true;
      for (const listener of this.#listeners) listener();
    });
  }
}
