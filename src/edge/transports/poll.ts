import { CLOSES } from "../../protocol/close.ts";
import { ProtocolError } from "../../protocol/error.ts";
import { pollQuerySchema } from "../../protocol/http.ts";
import { encodePollPage } from "../../protocol/poll-page.ts";
import type { Call } from "../call.ts";
import { failure } from "../failure.ts";
import { readQuery } from "../input.ts";
import { callRoom } from "../room-stub.ts";
import { type Visitor, visitorOf } from "../visitor.ts";
import { framesOf, openInner, whenGone } from "./inner-socket.ts";
import { PollCollector } from "./poll-collector.ts";

/**
 * Short and long polling (P7.7). A poll that does not wait reads the log; one that waits is
 * a connection like any other, for the time being.
 *
 * @throws {ProtocolError} for whatever keeps the client out before the room is asked.
 */
export async function answerPoll(call: Call): Promise<Response> {
  const { wait, ...query } = readQuery(pollQuerySchema, call.request);
  const visitor = await visitorOf(call, "poll", query);
  if (wait > 0) return longPoll(call, visitor, wait * 1000);
  const { room, actor, cursor } = visitor;
  const result = await callRoom(call.env, room, (stub) => stub.poll(actor, cursor));
  return result.ok ? answer(result.value) : failure(result.error);
}

async function longPoll(call: Call, visitor: Visitor, waitMs: number): Promise<Response> {
  const opened = await openInner(call, visitor, { transport: "poll", history: 0 });
  if (!opened.ok) return failure(opened.error);

  const { inner } = opened;
  const { contract } = call;
  const stated = contract?.state === undefined ? undefined : contract;
  const collector = new PollCollector(visitor.cursor, stated);
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  let expired = false;
  const deadline = setTimeout(() => {
    expired = true;
    if (collector.page !== undefined) resolve();
  }, waitMs);
  inner.listen(
    {
      heard: (message) => {
        const frames = framesOf(message);
        if (frames.length === 0) return;
        collector.take(frames);
        if (collector.isDone || expired) resolve();
      },
      // A poll takes a page and is over: what is read is bounded by that.
      marked: (answer) => answer(),
      ended: () => resolve(),
    },
    call.settings.limits.heartbeatMs,
  );
  whenGone(call.request, resolve);
  await enough;
  clearTimeout(deadline);
  inner.close(CLOSES.pollAnswered);

  if (collector.refusal !== undefined) return failure(collector.refusal);
  if (collector.page === undefined) {
    throw new ProtocolError("internal", "The room could not be reached. Try again.");
  }
  return answer(encodePollPage(collector.page));
}

function answer(page: string): Response {
  return new Response(page, {
    headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
  });
}
