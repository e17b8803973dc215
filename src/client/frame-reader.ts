import { PONG } from "../protocol/client-frame.ts";
import type { LastValue, ServerFrame, ServerFrameOf } from "../protocol/server-frame.ts";
import { field, hasShape, isKnownType } from "./frame-shape.ts";
import type { OwnType } from "./own-type.ts";
import type { WireCodec } from "./wire-codec.ts";

/** A frame of a type that came after this SDK; if it is of the log, its `seq` still counts. */
export interface UnknownFrame {
  readonly type: "unknown";
  readonly seq?: number;
}

/** What is not a frame, though the server sent it. */
export interface MalformedFrame {
  readonly type: "malformed";
}

/** What has changed among a topic's newest values, told without the events that changed it: by polls. */
export interface LastFrame {
  readonly type: "last";
  /** By event; `undefined` for what was removed. */
  readonly changed: ReadonlyMap<string, LastValue | undefined>;
  readonly seq?: undefined;
}

/** What rooms of any kind bring; what an own kind's bring beside that its own code reads. */
type CommonFrame = Exclude<ServerFrame, { readonly type: OwnType }>;

/** What a server may send, batches unpacked. */
export type IncomingFrame = CommonFrame | LastFrame | UnknownFrame | MalformedFrame;

/** The first frame of a connection. */
export type JoinedFrame = ServerFrameOf<"joined_room">;
/** Any frame after it. */
export type LaterFrame = Exclude<IncomingFrame, JoinedFrame>;

const MALFORMED: readonly MalformedFrame[] = [{ type: "malformed" }];

/**
 * Reads one WebSocket message into its frames, in order, each by itself: one that is not a frame
 * spoils no other. What a stranger may nest was bounded at the server's door. Never throws.
 */
export function readFrames(codec: WireCodec, data: unknown): readonly IncomingFrame[] {
  // The platform answers heartbeats in text, whatever the connection speaks otherwise.
  if (data === PONG) return [];
  try {
    return readFrame(codec.decode(data));
  } catch {
    return MALFORMED;
  }
}

/** Reads what was decoded already, also when that is a batch of frames unless it may be none; never throws. */
export function readFrame(value: unknown, mayBatch = true): readonly IncomingFrame[] {
  const type = field(value, "type");
  const payload = field(value, "payload");
  const seq = field(value, "seq");
  if (typeof type !== "string") return MALFORMED;
  if (seq !== undefined && !Number.isSafeInteger(seq)) return MALFORMED;
  if (type === "batch") {
    return mayBatch && Array.isArray(payload)
      ? payload.flatMap((item) => readFrame(item, false))
      : MALFORMED;
  }
  if (!isKnownType(type)) {
    return [{ type: "unknown", ...(typeof seq === "number" ? { seq } : {}) }];
  }
  const isAddressed = type !== "ack" || typeof field(value, "messageId") === "string";
  if (!isAddressed || !hasShape(type, payload)) return MALFORMED;
  // Checked above, field by field, as far as the SDK relies on it.
  return [value as ServerFrameOf<typeof type>];
}
