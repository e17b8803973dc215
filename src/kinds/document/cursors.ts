import { DOCUMENT_BOUNDS } from "../../protocol/document-limits.ts";
import { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import { iso } from "../../protocol/iso.ts";
import type { Json } from "../../protocol/json.ts";
import { utf8Bytes } from "../../protocol/utf8.ts";
import type { Connection } from "../../room/connections/connection.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type { KindPorts } from "../../room/hooks/kind.ts";

const MORE_LATER_MS = 10_000;

/**
 * Where the cursors of people are: one each, that which moved last of all their connections. The
 * connection keeps it over a sleep, and it goes with that.
 */
export class Cursors {
  readonly #ports: Pick<KindPorts, "connections" | "keep">;
  /** Whose connection keeps one; `undefined` until somebody asks after a sleep. */
  #owners: Map<string, Connection> | undefined;
  #bytes = 0;

  constructor(ports: Pick<KindPorts, "connections" | "keep">) {
    this.#ports = ports;
  }

  /** Why a cursor may not be so long to tell: all of them together have a bound. */
  refuses(userId: string, position: Json): Refusal | undefined {
    const bytes = this.#bytesWithout(userId) + memberBytes(userId, JSON.stringify(position));
    if (bytes <= DOCUMENT_BOUNDS.cursorsBytes) return undefined;
    const message = "The cursors of this document are as many as it can hold. Try again later.";
    return refusal("rate_limited", message, MORE_LATER_MS);
  }

  /** Moves the cursor of a connection's person, or with `null` takes it away. */
  move(connection: Connection, position: Json): void {
    const { userId } = connection.session;
    const owner = this.#known().get(userId);
    if (owner !== undefined) this.#drop(owner);
    if (owner !== undefined && owner !== connection) this.#ports.keep(owner, undefined);
    const text = position === null ? undefined : JSON.stringify(position);
    if (text !== connection.session.ofKind) this.#ports.keep(connection, text);
    if (text !== undefined) this.#take(connection);
  }

  /** A connection has gone, and its cursor with it. */
  left(connection: Connection, now: number): readonly Telling[] {
    const { ofKind, userId } = connection.session;
    if (ofKind === undefined) return [];
    if (this.#known().get(userId) === connection) this.#drop(connection);
    return [cursorNotice(connection, null, now)];
  }

  /** All of them, as JSON text. */
  text(): string {
    const members = [...this.#known()].map(([userId, { session }]) =>
      member(userId, session.ofKind ?? "null"),
    );
    return `{${members.join(",")}}`;
  }

  #bytesWithout(userId: string): number {
    return this.#bytes - bytesOf(this.#known().get(userId));
  }

  #take(connection: Connection): void {
    this.#owners?.set(connection.session.userId, connection);
    this.#bytes += bytesOf(connection);
  }

  #drop(connection: Connection): void {
    this.#owners?.delete(connection.session.userId);
    this.#bytes -= bytesOf(connection);
  }

  #known(): Map<string, Connection> {
    if (this.#owners !== undefined) return this.#owners;
    this.#owners = new Map();
    for (const connection of this.#ports.connections.values()) {
      if (connection.session.ofKind !== undefined) this.#take(connection);
    }
    return this.#owners;
  }
}

function member(userId: string, position: string): string {
  return `${JSON.stringify(userId)}:${position}`;
}

function memberBytes(userId: string, position: string): number {
  // With the comma after it.
  return utf8Bytes(member(userId, position)) + 1;
}

function bytesOf(connection: Connection | undefined): number {
  const { userId, ofKind } = connection?.session ?? {};
  return userId === undefined || ofKind === undefined ? 0 : memberBytes(userId, ofKind);
}

/** Tells the others where somebody's cursor is; of several in one flush the newest alone. */
export function cursorNotice({ id, session }: Connection, position: Json, now: number): Telling {
  const { userId } = session;
  return {
    audience: { to: "all-but-connection", connectionId: id },
    frame: EncodedFrame.of({
      type: "remote_cursor",
      timestamp: iso(now),
      payload: { userId, position },
    }),
    conflated: `cursor:${userId}`,
    owedToNewcomers: true,
  };
}
