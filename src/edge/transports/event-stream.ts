import { CLOSES, type Close } from "../../protocol/close.ts";
import { eventId } from "../../protocol/cursor.ts";
import { refusalSchema } from "../../protocol/error-schema.ts";
import { joinQuerySchema } from "../../protocol/http.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import { COMMENT, encodeEvent, encodeRetry, oneLine } from "../../protocol/server-sent-event.ts";
import type { TextFrame } from "../../protocol/unbundle.ts";
import type { Call } from "../call.ts";
import { failure } from "../failure.ts";
import { readQuery } from "../input.ts";
import { visitorOf } from "../visitor.ts";
import { BoundedStream } from "./bounded-stream.ts";
import { framesOf, openInner, whenGone } from "./inner-socket.ts";
import { Reading } from "./reading.ts";

/** Headers of an event stream. */
export const STREAM_HEADERS = {
  "Content-Type": "text/event-stream",
  // no-transform: compression would hold events back.
  "Cache-Control": "no-store, no-transform",
  "X-Accel-Buffering": "no",
};

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
  const over = (close: Close) => {
    clearInterval(comments);
    inner.close(close);
  };
  let isOwedWord = false;
  const stream = new BoundedStream(
    { queueBytes: BOUNDS.streamQueueBytes, owedBytes: BOUNDS.streamOwedBytes },
    () => over(CLOSES.readerLeft),
    () => {
      // While it catches up, the room waits to hear this; later it does not ask.
      if (isOwedWord && reading.isBehind) inner.alive();
      isOwedWord = false;
    },
  );
  const comments = setInterval(() => stream.write(COMMENT, { owed: true }), BOUNDS.streamCommentMs);
  stream.write(encodeRetry(BOUNDS.streamRetryMs), { owed: true });
  inner.listen(
    {
      heard: (message) => {
        const frames = framesOf(message);
        if (frames.length === 0) return;
        const owed = reading.isBehind;
        isOwedWord = true;
        const events = frames.map((frame) => encodeFrame(frame, reading));
        if (stream.write(events.join(""), { owed })) return;
        over(CLOSES.readerTooSlow);
        const abort = () => stream.abort("Too slow; resume from the last event id.");
        if (!owed) return abort();
        // What the room told meanwhile comes at the end, all at once, so the best reader may get
        // here: it takes what there is and comes back for the rest. Who does not is cut off.
        stream.end();
        setTimeout(abort, BOUNDS.streamDrainMs);
      },
      // The Worker itself reads at once; what counts is what its reader has taken.
      marked: (answer) => stream.whenTaken(answer),
      ended: () => {
        clearInterval(comments);
        stream.end();
      },
    },
    call.settings.limits.heartbeatMs,
  );
  whenGone(call.request, () => over(CLOSES.readerLeft));
  return new Response(stream.body, { headers: STREAM_HEADERS });
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
