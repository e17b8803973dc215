import { expect } from "vitest";
import { EventParser } from "../../../../src/client/event-parser.ts";
import { type IncomingFrame, readFrames } from "../../../../src/client/frame-reader.ts";
import { learnShapes } from "../../../../src/client/frame-shape.ts";
import { MSGPACK_CODEC } from "../../../../src/client/msgpack-codec.ts";
import { learnOtherKinds } from "../../../../src/client/other-kinds.ts";
import { readPollPage } from "../../../../src/client/poll-page.ts";
import { JSON_CODEC } from "../../../../src/client/wire-codec.ts";
import type { WireMessage } from "../../../../src/protocol/bundle.ts";
import type { Cursor } from "../../../../src/protocol/cursor.ts";
import { encodePollPage } from "../../../../src/protocol/poll-page.ts";
import { encodeEvent, oneLine } from "../../../../src/protocol/server-sent-event.ts";
import { unbundle } from "../../../../src/protocol/unbundle.ts";
import { missedPage } from "../../../../src/room/log/missed-page.ts";
import { resumptionOf } from "../../../../src/room/log/resume.ts";
import type { RoomScene } from "./scene.ts";

// As the SDK does before it enters an inbox or a topic, and whoever else reads documents in JSON.
learnOtherKinds();
learnShapes({
  greeting: {},
  payloads: {
    joined_document: {
      version: "number",
      users: [{ userId: "string" }],
      cursors: {},
      epoch: "string",
    },
    remote_change: { from: "number", version: "number", userId: "string", changes: Array.isArray },
    remote_cursor: { userId: "string", position: "json" },
  },
});

/** Decoders elsewhere stop at 32 levels, or later; the list of frames is one of ours. */
const ELSEWHERE_LEVELS = 33;

const WIRES = ["json", "msgpack", "plain"] as const;

/** One person who reads a room in every way there is, each by the SDK's own reader. */
export class EveryReader {
  readonly #scene: RoomScene;
  readonly #id: string;
  readonly #userId: string;

  /** @param id names the connections; `userId` is the person's, who may have others. */
  constructor(scene: RoomScene, id: string, userId: string, cursor?: Cursor) {
    this.#scene = scene;
    this.#id = id;
    this.#userId = userId;
    for (const wire of WIRES)
      scene.join(this.#connection(wire), { userId, name: userId, wire }, cursor);
  }

  /** What every way has brought so far; fails when they differ, or one could not be read. */
  frames(): readonly IncomingFrame[] {
    const { sockets } = this.#scene;
    const plain = sockets.messages(this.#connection("plain"));
    const [first = [], ...others] = [
      plain.flatMap((message) => readFrames(JSON_CODEC, message)),
      sockets.messages(this.#connection("json")).flatMap((text) => readFrames(JSON_CODEC, text)),
      sockets.messages(this.#connection("msgpack")).flatMap((bytes) => inMsgpack(bytes)),
      overSse(sockets.messages(this.#connection("json"))),
    ];
    expect(first.filter(({ type }) => type === "malformed" || type === "unknown")).toEqual([]);
    expect(strangeness(first, ELSEWHERE_LEVELS)).toBeUndefined();
    for (const other of others) expect(other).toEqual(first);
    return first;
  }

  /** What a poll since a cursor brings; fails when it cannot be read. */
  poll(cursor: Cursor): readonly IncomingFrame[] {
    const { store, room } = this.#scene;
    const page = missedPage(store.log, resumptionOf(store.log, cursor, 1_000, true));
    const read = readPollPage(JSON.parse(encodePollPage({ ...page, ...room.special.poll() })));
    const frames = read?.frames ?? [{ type: "malformed" }];
    expect(frames.filter(({ type }) => type === "malformed" || type === "unknown")).toEqual([]);
    expect(read?.last ?? {}).toEqual(JSON.parse(JSON.stringify(lastValuesOf(room))));
    return frames;
  }

  #connection(wire: (typeof WIRES)[number]): string {
    return `${this.#id} ${this.#userId} ${wire}`;
  }
}

/**
 * What a reader in another language would stumble over, who decodes UTF-8 strictly, takes integers
 * for 64-bit floating-point numbers and stops at a depth; `undefined` for nothing.
 */
function strangeness(value: unknown, levels: number): string | undefined {
  if (typeof value === "string") return value.isWellFormed() ? undefined : "a lone surrogate";
  if (typeof value === "number") {
    const isRounded = Number.isInteger(value) && !Number.isSafeInteger(value);
    return isRounded && Math.abs(value) < 1e21 ? "an integer that is rounded" : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (levels === 0) return "too much nesting";
  const strange = Object.entries(value).map(([key, item]) =>
    key === "__proto__"
      ? "a key of the prototype"
      : (strangeness(`${key}`, 0) ?? strangeness(item, levels - 1)),
  );
  return strange.find((what) => what !== undefined);
}

function inMsgpack(message: WireMessage): readonly IncomingFrame[] {
  const bytes = message as Uint8Array<ArrayBuffer>;
  const { byteOffset, byteLength } = bytes;
  return readFrames(MSGPACK_CODEC, bytes.buffer.slice(byteOffset, byteOffset + byteLength));
}

/** As the Worker passes them on, and in pieces as a network would. */
function overSse(messages: readonly WireMessage[]): readonly IncomingFrame[] {
  const parser = new EventParser();
  const text = messages
    .flatMap((message) => unbundle(message as string))
    .map(({ type, json, seq }) =>
      encodeEvent({
        event: type,
        data: oneLine(json),
        id: seq === undefined ? undefined : `e:${seq}`,
      }),
    )
    .join("");
  const middle = Math.floor(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)]
    .flatMap((piece) => parser.push(piece))
    .flatMap(({ data }) => readFrames(JSON_CODEC, data));
}

function lastValuesOf(room: RoomScene["room"]): object {
  const poll = room.special.poll();
  return "last" in poll ? Object(poll.last) : {};
}
