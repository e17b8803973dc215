import { CLOSES } from "../../protocol/close.ts";
import { eventId } from "../../protocol/cursor.ts";
import { refusalSchema } from "../../protocol/error-schema.ts";
import { joinQuerySchema } from "../../protocol/http.ts";
import { encodeEvent, encodeRetry, oneLine } from "../../protocol/server-sent-event.ts";
import type { TextFrame } from "../../protocol/unbundle.ts";
import type { Call } from "../call.ts";
import { failure } from "../failure.ts";
import { readQuery } from "../input.ts";
import { visitorOf } from "../visitor.ts";
import { framesOf, openInner, whenGone } from "./inner-socket.ts";
import { PacedStream } from "./paced-stream.ts";
import { Reading } from "./reading.ts";

const waitSchema = refusalSchema.pick({ retryAfterMs: true });

/**
 * Server-Sent Events (P7.5): everything the room says, to a reader that cannot answer. The
 * `id` of an event is the cursor it leads to. `joined_room` has one too, beside the durable ones,
 * so that a reader that has seen nothing durable yet comes back to where it was and not to now.
 *
 * @throws {ProtocolError} for whatever keeps the reader out before the room is asked.
 */
export async function openEventStream(call: Call): Promise<Response> {
  const { history, ...query } = readQuery(joinQuerySchema, call.request);
  const visitor = await visitorOf(call, "sse", query);
  const opened = await openInner(call, visitor, {
    transport: "sse",
    history,
    paced: true,
  });
  if (!opened.ok) return failure(opened.error);

  const { inner } = opened;
  const reading = new Reading(visitor.cursor);
  let isOwedWord = false;
  const stream = new PacedStream({
    over: (close) => inner.close(close),
    taken: () => {
      // While it catches up, the room waits to hear this; later it does not ask.
      if (isOwedWord && reading.isBehind) inner.alive();
      isOwedWord = false;
    },
  });
  inner.listen(
    {
      heard: (message) => {
        const frames = framesOf(message);
        if (frames.length === 0) return;
        const owed = reading.isBehind;
        isOwedWord = true;
        stream.tell(frames.map((frame) => encodeFrame(frame, reading)).join(""), owed);
      },
      // The Worker itself reads at once; what counts is what its reader has taken.
      marked: (answer) => stream.whenTaken(answer),
      ended: () => stream.end(),
    },
    call.settings.limits.heartbeatMs,
  );
  whenGone(call.request, () => stream.over(CLOSES.readerLeft));
  return stream.response;
}

function encodeFrame(frame: TextFrame, reading: Reading): string {
  const moved = reading.follow(frame);
  const { cursor } = reading;
  const { retryAfterMs } = frame.type === "error" ? waitSchema.parse(frame.payload) : {};
  // An EventSource comes back whatever it is told, but not before this.
  const retry = retryAfterMs === undefined ? "" : encodeRetry(Math.ceil(retryAfterMs));
  const event = encodeEvent({
    event: frame.type,
    data: oneLine(frame.json),
    id: moved && cursor !== undefined ? eventId(cursor) : undefined,
  });
  return retry + event;
}
