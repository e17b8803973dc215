import { Bundle, type WireMessage } from "../../protocol/bundle.ts";
import type { EncodedFrame } from "../../protocol/encoded-frame.ts";
import { iso } from "../../protocol/iso.ts";
import { type Connection, isCutOff } from "../connections/connection.ts";
import type { Outgoing } from "../hooks/effect.ts";
import { LeftOut } from "./left-out.ts";

/** One message for one connection. */
export interface Parcel {
  readonly connection: Connection;
  readonly message: WireMessage;
}

/**
 * What every connection is owed, in order, in as few messages as its wire allows. What all get is
 * packed once per wire and shared; answers of one connection's own are appended to it, and what it
 * must not be sent is cut out. Made as it is taken: all of it at once could be more than a room may
 * hold in memory. A connection whose token has ended by the time its turn comes gets only what answers
 * its own frames.
 *
 * @param outgoing in the order of their places.
 * @param now milliseconds since the epoch; later calls of `next` bring their own.
 * @param answersFirst whether answers come before what all get, in a message of their own.
 */
export function* fanOut(
  connections: Iterable<Connection>,
  outgoing: readonly Outgoing[],
  now: number,
  answersFirst = false,
): Generator<Parcel, void, number> {
  const timestamp = iso(now);
  let at = now;
  const shared = outgoing.filter(({ audience }) => audience.to !== "connection");
  const bundle = new Bundle(
    shared.map(({ frame }) => frame),
    timestamp,
  );
  const own = ownFrames(outgoing);
  const leftOut = new LeftOut(shared);
  for (const connection of connections) {
    const { wire } = connection.session;
    const answers = own.get(connection.id);
    const appended = answersFirst ? undefined : answers;
    if (answersFirst && answers !== undefined) {
      for (const message of new Bundle(answers, timestamp).messages(wire)) {
        at = yield { connection, message };
      }
    }
    const messages = bundle.messages(wire, appended, leftOut.of(connection));
    let cutOff = false;
    for (const message of messages) {
      cutOff = isCutOff(connection, at);
      if (cutOff) break;
      at = yield { connection, message };
    }
    if (!cutOff) continue;
    for (const message of new Bundle(appended ?? [], timestamp).messages(wire)) {
      at = yield { connection, message };
    }
  }
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
