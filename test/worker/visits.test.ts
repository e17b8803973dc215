import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import type { Call } from "../../src/edge/call.ts";
import { callerOf } from "../../src/edge/caller.ts";
import { settingsOf } from "../../src/edge/configured.ts";
import type { Env } from "../../src/edge/env.ts";
import { Gate, type GatePorts } from "../../src/edge/gate.ts";
import { framesOf, openInner } from "../../src/edge/transports/inner-socket.ts";
import { visit } from "../../src/edge/visitor.ts";
import { CLOSES } from "../../src/protocol/close.ts";
import { parseRoomName } from "../../src/protocol/parse-room-name.ts";
import { call as http } from "./support/http.ts";
import { tokenFor } from "./support/tokens.ts";

const PORTS: GatePorts = {
  clock: Date.now,
  within: (_, answer) => answer,
  background: () => {},
  ruleFailed: () => {},
};

/** A request to hear a room, of somebody with these grants. */
async function callWith(rooms: Parameters<typeof tokenFor>[1]): Promise<Call> {
  const read = settingsOf(env as Env);
  if (!read.ok) throw new Error(read.problem);
  return {
    request: new Request("https://edge.test/v1/ws", {
      headers: { Authorization: `Bearer ${await tokenFor("ada", rooms)}` },
    }),
    env: env as Env,
    settings: read.settings,
    gate: new Gate({ any: false, of: () => undefined }, PORTS),
    roomName: "",
    contract: undefined,
    lifetime: createExecutionContext(),
    at: Date.now(),
  };
}

it("finds out once who calls, who then visits each room by what is granted there", async () => {
  const call = await callWith({ rooms: { "a*": ["read", "write"], b: ["read"] } });
  const caller = await callerOf(call.request, call.env, call.settings);
  const into = (name: string) => visit(call, caller, parseRoomName(name), "websocket");
  expect(await into("a-1")).toMatchObject({
    actor: { userId: "ada", permissions: ["read", "write"] },
    room: { name: "a-1" },
  });
  expect((await into("b")).actor.permissions).toEqual(["read"]);
  await expect(into("c")).rejects.toThrow("grants nothing in this room");
});

it("speaks over an inner socket as well, and hears each message as the room sent it", async () => {
  const room = `room-${crypto.randomUUID()}`;
  const call = await callWith({ rooms: { "*": ["read", "write"] } });
  const caller = await callerOf(call.request, call.env, call.settings);
  const visitor = await visit(call, caller, parseRoomName(room), "websocket");
  const opened = await openInner(call, visitor, { transport: "websocket", history: 0 });
  if (!opened.ok) throw new Error(opened.error.message);
  const messages: string[] = [];
  opened.inner.listen(
    { heard: (message) => messages.push(message), marked: () => {}, ended: () => {} },
    60_000,
  );
  const payload = { content: "through an adapter" };
  for (const messageId of ["m-1", "m-2"]) {
    opened.inner.send(JSON.stringify({ type: "send_message", messageId, payload }));
  }
  const frames = () => messages.flatMap(framesOf);
  await vi.waitFor(() => expect(frames().filter(({ type }) => type === "ack")).toHaveLength(2));
  // What names a frame, and its place in the log, stands in front of it.
  expect(messages.find((message) => message.includes('"new_message"'))).toMatch(
    /^\{"type":"batch",.*?\{"type":"new_message","seq":1,/,
  );
  opened.inner.close(CLOSES.readerLeft);
  opened.inner.send("never");
  await opened.inner.closed;
  expect(await (await http("GET", `/v1/rooms/${room}/messages`)).json()).toMatchObject({
    messages: [{ seq: 1, ...payload }, { seq: 2 }],
  });
});
