import { ProtocolError } from "../../protocol/error.ts";
import { pollQuerySchema } from "../../protocol/http.ts";
import { encodePollPage } from "../../protocol/poll-page.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { Env } from "../env.ts";
import { failure } from "../failure.ts";
import { readQuery } from "../input.ts";
import { callRoom } from "../room-stub.ts";
import { type Visitor, visitorOf } from "../visitor.ts";
import { type Lifetime, openInner, whenGone } from "./inner-socket.ts";
import { PollCollector } from "./poll-collector.ts";

/**
 * Short and long polling (CONTRACT §6). A poll that does not wait reads the log; one that waits is
 * a connection like any other, for the time being.
 *
 * @throws {ProtocolError} for whatever keeps the client out before the room is asked.
 */
export async function poll(
  request: Request,
  env: Env,
  settings: Settings,
  roomName: string,
  lifetime: Lifetime,
): Promise<Response> {
  const { wait } = readQuery(pollQuerySchema, request);
  const visitor = await visitorOf(request, settings, roomName, "poll", Date.now());
  if (wait > 0) {
    return longPoll(request, env, visitor, wait * 1000, settings.limits.heartbeatMs, lifetime);
  }
  const { room, actor, cursor } = visitor;
  const result = await callRoom(env, room, (stub) => stub.poll(actor, cursor));
  return result.ok ? answer(result.value) : failure(result.error);
}

async function longPoll(
  request: Request,
  env: Env,
  visitor: Visitor,
  waitMs: number,
  heartbeatMs: number,
  lifetime: Lifetime,
): Promise<Response> {
  const opened = await openInner(env, visitor, { transport: "poll", history: 0 }, lifetime);
  if (!opened.ok) return failure(opened.error);

  const { inner } = opened;
  const collector = new PollCollector(visitor.cursor);
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  let expired = false;
  const deadline = setTimeout(() => {
    expired = true;
    if (collector.page !== undefined) resolve();
  }, waitMs);
  inner.listen(
    {
      heard: (frames) => {
        collector.take(frames);
        if (collector.isDone || expired) resolve();
      },
      ended: resolve,
    },
    heartbeatMs,
  );
  whenGone(request, resolve);
  await enough;
  clearTimeout(deadline);
  inner.close("the poll is answered");

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
