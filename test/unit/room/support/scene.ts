import { randomUUID } from "node:crypto";
import { SqlInbox } from "../../../../src/kinds/inbox/sql-inbox.ts";
import type { KindTable } from "../../../../src/kinds/kind-table.ts";
import type { Cursor } from "../../../../src/protocol/cursor.ts";
import { encodeMsgpack } from "../../../../src/protocol/msgpack.ts";
import type { Actor } from "../../../../src/room/actor.ts";
import type { Session } from "../../../../src/room/connections/connection.ts";
import type { Door } from "../../../../src/room/door.ts";
import type { Outcome } from "../../../../src/room/flush/outcome.ts";
import type { Flushed } from "../../../../src/room/flush/settled.ts";
import type { RoomFrame } from "../../../../src/room/frame.ts";
import type { Subscription } from "../../../../src/room/hooks/subscription.ts";
import type { Room } from "../../../../src/room/room.ts";
import type { SqlRoomStore } from "../../../../src/storage/sql-room-store.ts";
import { NodeDatabase } from "../../../../src/testing/node-database.ts";
import { type Beginning, limitsOf, openLife } from "../../../../src/testing/room-life.ts";
import { RecordedSockets } from "../../../support/recorded-sockets.ts";

/** When every scene begins. */
export const T0 = Date.UTC(2026, 0, 1);

/** The team's own backend. */
export const BACKEND: Actor = { userId: "system", name: "system", permissions: [], backend: true };

/** One room on real SQLite, with sockets that write down what they are told. */
export class RoomScene {
  readonly database = new NodeDatabase();
  readonly sockets = new RecordedSockets();
  /** Connections that read all they are sent, and answer marks (P3.11). */
  readonly reading = new Set<string>();
  /** Settings of the next {@link restart}. */
  readonly vars: Record<string, string>;
  readonly #name: string;
  /** Those of the next {@link restart}. */
  kinds: KindTable | undefined;
  /** Who outside hears of the room after the next {@link restart}. */
  subscriptions: readonly Subscription[] = [];
  /** Who looks at frames after the next {@link restart}. */
  reviewer: Beginning["reviewer"];
  store!: SqlRoomStore;
  room!: Room;
  #door!: Door;

  /** @param kinds the default deployment's, when absent. */
  constructor(name: string, vars: Readonly<Record<string, string>> = {}, kinds?: KindTable) {
    this.#name = name;
    this.kinds = kinds;
    this.vars = { ...vars };
    this.restart();
  }

  /** The room from its storage, as after a start or a crash. */
  restart(): void {
    const { store, room, door } = openLife({
      name: this.#name,
      database: this.database,
      sockets: this.sockets,
      limits: limitsOf(this.vars),
      newEpoch: () => "epoch-1",
      subscriptions: this.subscriptions,
      newId: randomUUID,
      random: () => 0,
      ...(this.reviewer === undefined ? {} : { reviewer: this.reviewer }),
      ...(this.kinds === undefined ? {} : { kinds: this.kinds }),
    });
    this.store = store;
    this.room = room;
    this.#door = door;
  }

  /** What is kept of an inbox beside its log. */
  get inbox(): SqlInbox {
    return new SqlInbox(this.store.tables);
  }

  /** Lets someone in under a connection id, and settles it. */
  join(id: string, session: Partial<Session> = {}, cursor?: Cursor, now = T0): void {
    this.enter(id, session, cursor, now);
    this.room.flush(now);
  }

  /** Lets someone in; what that tells the others waits for the next flush. */
  enter(id: string, session: Partial<Session> = {}, cursor?: Cursor, now = T0): void {
    const whole: Session = {
      userId: id,
      name: id.toUpperCase(),
      permissions: ["read", "write", "publish"],
      expiresAt: T0 + 3_600_000,
      wire: "json",
      transport: "websocket",
      address: id,
      connectedAt: now,
      ...session,
    };
    this.room.join({ id, session: whole, cursor, history: 50 }, now);
  }

  /** A frame off a socket, as JSON text unless it is bytes; it waits for the next flush. */
  hear(id: string, frame: object | string | Uint8Array<ArrayBuffer>, now = T0): void {
    const connection = this.room.connection(id);
    if (connection === undefined) throw new Error(`${id} is not connected`);
    const isRaw = typeof frame === "string" || frame instanceof Uint8Array;
    this.#door.receive(connection, isRaw ? frame : JSON.stringify(frame), now);
  }

  /** A frame over HTTP, settled; what became of it. */
  ask(actor: Actor, frame: RoomFrame, now = T0): Outcome {
    let outcome: Outcome | undefined;
    const answer = (told: Outcome) => {
      outcome = told;
    };
    const messageId = "messageId" in frame ? frame.messageId : undefined;
    this.room.submit({ frame, actor, at: now, bytes: 1, messageId, answer });
    this.room.flush(now);
    if (outcome === undefined) throw new Error("not answered");
    return outcome;
  }

  flush(now = T0): Flushed {
    const flushed = this.room.flush(now);
    for (const id of this.reading) this.#answerMark(id, now);
    return flushed;
  }

  #answerMark(connection: string, now: number): void {
    const id = this.sockets.marks.get(connection);
    if (id === undefined) return;
    this.sockets.marks.delete(connection);
    const frame = { type: "read_mark", payload: { id } };
    const isBinary = this.room.connection(connection)?.session.wire === "msgpack";
    this.hear(connection, isBinary ? encodeMsgpack(frame) : frame, now);
  }
}
