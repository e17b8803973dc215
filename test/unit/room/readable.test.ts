import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { readClaims } from "../../../src/auth/claims.ts";
import type { IncomingFrame } from "../../../src/client/frame-reader.ts";
import { isMessagePage, isNotificationPage } from "../../../src/client/page-shape.ts";
import { ProtocolError } from "../../../src/protocol/error.ts";
import { messageIdSchema } from "../../../src/protocol/field-schema.ts";
import { bodySchemas } from "../../../src/protocol/http-body-schema.ts";
import { payloadProblem } from "../../../src/protocol/json.ts";
import { notificationSchema } from "../../../src/protocol/notification-schema.ts";
import type { Actor } from "../../../src/room/actor.ts";
import type { RoomFrame } from "../../../src/room/frame.ts";
import { EveryReader } from "./support/every-reader.ts";
import { encoded, inJson, PARAMETERS, PATH, RUNS, SEED, TIMEOUT_MS } from "./support/law.ts";
import { nastyBinary, nastyJson, nastyText } from "./support/nasty.ts";
import { BACKEND, RoomScene, T0 } from "./support/scene.ts";

/** One thing that a stranger says. */
interface Said {
  /** By which way it comes in. */
  readonly way: "json" | "msgpack" | "http";
  readonly type: string;
  readonly messageId: unknown;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Whether those before it are told first, so that it leads a batch. */
  readonly leads: boolean;
}

const messageId = fc.oneof(
  { weight: 9, arbitrary: fc.uuid() as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: nastyText as fc.Arbitrary<unknown> },
);

function said(type: string, payload: fc.Arbitrary<Readonly<Record<string, unknown>>>) {
  const way = fc.constantFrom("json", "msgpack", "http");
  return fc.record<Said>({ way, type: fc.constant(type), messageId, payload, leads: fc.boolean() });
}

const seq = fc.oneof(fc.integer({ min: 1, max: 2 }), fc.constantFrom(2 ** 53, 0, 9));
/** Often nothing is wrong: what never gets in proves nothing. */
const text = fc.oneof(nastyText, fc.constant("fit"), fc.constant("for all"));
const mentions = fc.array(text, { maxLength: 2 });
const message = fc.record(
  { content: text, replyTo: seq, mentions, data: nastyBinary },
  { requiredKeys: [] },
);
const published = fc.record(
  { event: text, data: nastyBinary, conflate: fc.boolean() },
  { requiredKeys: ["event", "data"] },
);
const chat = fc.oneof(
  { weight: 4, arbitrary: said("send_message", message) },
  said("edit_message", fc.record({ seq, content: text })),
  said("react", fc.record({ seq, emoji: nastyText })),
  said("delete_message", fc.record({ seq })),
  said("read_messages", fc.record({ upTo: seq })),
  said("publish", published),
  said("presence", fc.record({ data: nastyBinary })),
);
const topic = said("publish", published);
const claims = fc.record({ sub: nastyText, name: fc.option(nastyText) });

type Story = [{ readonly sub: string; readonly name: string | null }, Said[]];

/** What has kept readers out, or has been changed on its way, before the door knew better. */
function examples(type: string, payloads: readonly Said["payload"][]): Story[] {
  return (["json", "msgpack", "http"] as const).flatMap((way) =>
    payloads.map((payload, index): Story => {
      const frame = { way, type, messageId: `${way}-${index}`, payload, leads: false };
      const other = { content: "other", event: "other", data: 1 };
      return [
        { sub: "eve", name: null },
        [frame, { ...frame, messageId: "other", payload: other }],
      ];
    }),
  );
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

const MESSAGES = [16, 17, 28, 29, 30, 31].map((depth) => ({ content: "x", data: nested(depth) }));
const EVENTS = ["__proto__", "constructor", " ", "\u0000"].map((event) => ({ event, data: 1 }));
const IDS = [Number("653247040368672768"), 2n ** 64n - 1n].map((id) => ({
  event: "e",
  data: { id },
}));

describe(`whatever the door accepts, every reader reads (seed ${SEED})`, () => {
  it.each([
    ["general", chat, examples("send_message", MESSAGES)],
    ["topic:law", topic, examples("publish", [...EVENTS, ...IDS])],
  ])(
    "in %s: live, in a batch, greeted, resuming, by poll, in history, and after a restart",
    (name, frames, known) => {
      let shown = 0;
      const law = fc.property(
        claims,
        fc.array(frames, { minLength: 1, maxLength: 8 }),
        (who, all) => {
          const scene = new RoomScene(name);
          const sender = senderOf(who);
          const reader = new EveryReader(scene, "live", "reader");
          const { userId, name: shownAs } = sender;
          for (const wire of ["json", "msgpack"] as const) {
            scene.join(wire, { userId, name: shownAs, wire });
          }
          for (const frame of all) {
            if (frame.leads) scene.flush();
            say(scene, sender, frame);
          }
          scene.flush();
          const live = reader.frames();
          shown += live.filter(({ type }) => type === "new_message" || type === "event").length;
          arrivedAsSent(live, all);
          refusalsNameTheirFrames(scene, all);
          comesInLater(scene, "reader");
          scene.restart();
          comesInLater(scene, "restarted");
        },
      );
      fc.assert(law, { ...PARAMETERS, examples: known });
      if (PATH === undefined) expect(shown, "or it proves nothing").toBeGreaterThan(RUNS / 2);
    },
    TIMEOUT_MS,
  );

  it(
    "in an inbox: live, greeted, resuming, by poll and in its list",
    () => {
      const url = fc.oneof(nastyText, fc.constantFrom("/", "https://x.test/\u0000\n#"));
      const body = fc.record(
        { type: text, title: text, body: text, url: url, data: nastyJson },
        { requiredKeys: ["type", "title"] },
      );
      let shown = 0;
      const law = fc.property(fc.array(body, { minLength: 1, maxLength: 5 }), (bodies) => {
        const scene = new RoomScene("user:ada");
        const reader = new EveryReader(scene, "live", "ada");
        for (const [index, content] of bodies.entries()) {
          const payload = fromBody(notificationSchema, content);
          if (payload === undefined) continue;
          scene.ask(BACKEND, { type: "notify", messageId: `n${index}`, payload });
        }
        shown += reader.frames().filter(({ type }) => type === "notification").length;
        comesInLater(scene, "ada");
        scene.restart();
        comesInLater(scene, "ada");
      });
      fc.assert(law, PARAMETERS);
      if (PATH === undefined) expect(shown, "or it proves nothing").toBeGreaterThan(RUNS / 2);
    },
    TIMEOUT_MS,
  );
});

/** Who a token says it is; somebody else when no token may say that. */
function senderOf({ sub, name }: { readonly sub: string; readonly name: string | null }): Actor {
  const permissions = ["read", "write", "publish"] as const;
  try {
    const identity = readClaims({ sub, name, exp: 4e9 }, T0);
    return { userId: identity.userId, name: identity.name, permissions };
  } catch (error) {
    if (error instanceof ProtocolError) return { userId: "sender", name: "Sender", permissions };
    throw error;
  }
}

/** What was said goes through the door of its way. */
function say(scene: RoomScene, sender: Actor, frame: Said): void {
  const { way, type, messageId, payload } = frame;
  switch (way) {
    case "json":
      scene.hear("json", { type, messageId, payload: inJson(payload) });
      return;
    case "msgpack":
      scene.hear("msgpack", encoded({ type, messageId, payload }));
      return;
    case "http":
      request(scene, sender, frame);
      return;
  }
}

/** The two frames of which most is a stranger's own. */
function request(scene: RoomScene, sender: Actor, { type, messageId, payload }: Said): void {
  const bodies = bodySchemas(4_000);
  const body =
    type === "publish" ? fromBody(bodies.publish, payload) : fromBody(bodies.send_message, payload);
  const takesIt = type === "publish" || type === "send_message";
  if (!takesIt || body === undefined || !messageIdSchema.safeParse(messageId).success) return;
  scene.ask(sender, { type, messageId, payload: body } as unknown as RoomFrame);
}

/** A body over HTTP as the edge reads it; `undefined` when it is refused. */
function fromBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> | undefined {
  const value = inJson(body);
  return payloadProblem(value) === undefined ? schema.safeParse(value).data : undefined;
}

/** Those who come, come back, poll or page after it was said. */
function comesInLater(scene: RoomScene, userId: string): void {
  const start = { epoch: scene.store.log.epoch, seq: 0 };
  const id = crypto.randomUUID();
  const newcomer = new EveryReader(scene, `${id} new`, userId);
  expect(newcomer.frames()[0]).toMatchObject({ type: "joined_room" });
  const resuming = new EveryReader(scene, `${id} again`, userId, start);
  const missed = resuming.frames().filter((frame) => "seq" in frame);
  expect(newcomer.poll(start)).toEqual(missed);
  const { entries } = scene.store.log.page({ limit: 50 });
  const rest = { unread: 0, epoch: "e", seq: 1, hasMore: false };
  const list = entries.map((entry) => JSON.parse(entry));
  expect(isMessagePage({ ...rest, messages: list })).toBe(true);
  const inbox = scene.inbox.page({ limit: 50, unreadOnly: false });
  const notifications = inbox.entries.map((entry) => JSON.parse(entry));
  expect(isNotificationPage({ ...rest, notifications })).toBe(true);
}

/** What is shown is what was said, to the last digit. */
function arrivedAsSent(live: readonly IncomingFrame[], all: readonly Said[]): void {
  for (const frame of live) {
    if (frame.type !== "new_message") continue;
    const { payload = {} } = all.find((one) => one.messageId === frame.payload.messageId) ?? {};
    expect(frame.payload.content).toBe(payload["content"] ?? "");
    const data = "data" in payload ? JSON.stringify(inJson(payload["data"])) : undefined;
    expect(JSON.stringify(frame.payload.data)).toBe(data);
  }
}

/** `error` is for what has no messageId that can be read. */
function refusalsNameTheirFrames({ sockets }: RoomScene, all: readonly Said[]): void {
  for (const wire of ["json", "msgpack"] as const) {
    const unnamed = all.filter(
      ({ way, messageId: id }) => way === wire && !messageIdSchema.safeParse(id).success,
    );
    expect(sockets.payloads(wire, "error").length).toBeLessThanOrEqual(unnamed.length);
  }
}
