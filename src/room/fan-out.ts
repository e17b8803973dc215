import { Bundle, type WireMessage } from "../protocol/bundle.ts";
import type { EncodedFrame } from "../protocol/encoded-frame.ts";
import { iso } from "../protocol/iso.ts";
import { type Connection, isExpired } from "./connection.ts";
import type { Audience, Telling } from "./effect.ts";

/** A frame of a flush, and its place in the room's queue. */
export interface Outgoing extends Telling {
  readonly place: number;
}

/** One message for one connection. */
export interface Parcel {
  readonly connection: Connection;
  readonly message: WireMessage;
}

/**
 * What every connection is owed, in order, in as few messages as its wire allows. What all get is
 * packed once per wire and shared; answers of one connection's own are appended to it; only who
 * must not see something, or came in the middle, gets a selection of its own. Made as it is taken,
 * for all of it at once could be more than a room may hold in memory. A connection whose token has
 * ended by the time its turn comes gets only what answers its own frames.
 *
 * @param outgoing in the order of their places.
 * @param now milliseconds since the epoch; later calls of `next` bring their own.
 */
export function* fanOut(
  connections: Iterable<Connection>,
  outgoing: readonly Outgoing[],
  now: number,
): Generator<Parcel, void, number> {
  const timestamp = iso(now);
  let at = now;
  const shared = outgoing.filter(({ audience }) => audience.to !== "connection");
  const bundle = new Bundle(
    shared.map(({ frame }) => frame),
    timestamp,
  );
  const own = ownFrames(outgoing);
  const exceptions = shared.filter(({ audience }) => audience.to !== "all");
  const firstPlace = shared[0]?.place ?? Number.POSITIVE_INFINITY;
  for (const connection of connections) {
    const isException =
      connection.joinedAt > firstPlace || exceptions.some((item) => !hears(connection, item));
    const messages = isException
      ? select(connection, shared, timestamp).messages(
          connection.session.wire,
          own.get(connection.id),
        )
      : bundle.messages(connection.session.wire, own.get(connection.id));
    let isCutOff = false;
    for (const message of messages) {
      isCutOff = isExpired(connection, at);
      if (isCutOff) break;
      at = yield { connection, message };
    }
    if (!isCutOff) continue;
    const answers = new Bundle(own.get(connection.id) ?? [], timestamp);
    for (const message of answers.messages(connection.session.wire)) {
      at = yield { connection, message };
    }
  }
}

function select(connection: Connection, shared: readonly Outgoing[], timestamp: string): Bundle {
  const heard = shared.filter((item) => hears(connection, item));
  return new Bundle(
    heard.map(({ frame }) => frame),
    timestamp,
  );
}

function ownFrames(outgoing: readonly Outgoing[]): ReadonlyMap<string, readonly EncodedFrame[]> {
  const own = new Map<string, EncodedFrame[]>();
  for (const { audience, frame } of outgoing) {
    if (audience.to !== "connection" || audience.connectionId === undefined) continue;
    const frames = own.get(audience.connectionId);
    if (frames === undefined) own.set(audience.connectionId, [frame]);
    else frames.push(frame);
  }
  return own;
}

function hears(connection: Connection, item: Outgoing): boolean {
  const { audience, place, owedToNewcomers = false } = item;
  return (owedToNewcomers || place >= connection.joinedAt) && includes(audience, connection);
}

function includes(audience: Audience, connection: Connection): boolean {
  switch (audience.to) {
    case "all":
      return true;
    case "all-but-user":
      return audience.userId !== connection.session.userId;
    case "all-but-connection":
    case "connection":
      return (audience.connectionId === connection.id) === (audience.to === "connection");
  }
}
