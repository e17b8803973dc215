import { beforeEach, describe, expect, it } from "vitest";
import { refuse } from "../../../../src/contract/index.ts";
import { CHAT, chatKind } from "../../../../src/kinds/chat/kind.ts";
import { KindTable } from "../../../../src/kinds/kind-table.ts";
import { BACKEND, RoomScene } from "../../room/support/scene.ts";

/** Who the rule was told of. */
let actors: object[];

/** A message that nobody has sent. */
const FORGED = {
  seq: 9,
  messageId: "forged",
  userId: "eve",
  userName: "Eve",
  content: "by me",
  timestamp: "2026-01-01T00:00:00.000Z",
};

const KINDS = new KindTable([
  chatKind({
    before: {
      send_message({ data, actor, now, tx }) {
        const { content } = data;
        actors.push(actor);
        if (content === "rude") return refuse("rude", "Say it kindly.", { status: 409 });
        if (content === "thrown") throw refuse("rude");
        if (content === "crash") throw new Error("a rule that fails");
        if (content === "long") return { content: "x".repeat(4_001) };
        if (content === "change") Object.assign(data, { content: "by the way" });
        if (content === "append") tx.append("new_message", FORGED);
        if (content === "help") tx.notify("support", { type: "help", title: `at ${now}` });
        return content === "damn" ? { ...data, content: "d**n" } : undefined;
      },
      react: () => refuse("access_denied"),
    },
  }),
]);

let scene: RoomScene;

beforeEach(() => {
  actors = [];
  scene = new RoomScene("general", {}, KINDS);
  scene.join("ada");
  scene.join("ben");
});

function say(content: string, messageId = content): void {
  scene.hear("ada", { type: "send_message", messageId, payload: { content, replyTo: undefined } });
}

function acks() {
  return scene.sockets.payloads("ada", "ack");
}

describe("rules of a team's on a chat", () => {
  it("keep what they say nothing of, and are told who speaks", () => {
    say("hello");
    scene.ask(BACKEND, { type: "send_message", messageId: "b", payload: { content: "hi" } });
    expect(scene.sockets.payloads("ben", "new_message")).toMatchObject([{ content: "hello" }]);
    const [ada] = actors;
    expect(ada).toEqual({ system: false, id: "ada", name: "ADA", member: undefined });
  });

  it.each([
    ["rude", 409],
    ["thrown", 422],
  ])("refuse with codes of their own: %s", (content, status) => {
    say(content);
    scene.flush();
    expect(acks()).toMatchObject([{ success: false, error: { code: "rude", status } }]);
    expect(scene.store.log.head).toBe(0);
  });

  it("rewrite what is stored and told", () => {
    say("damn");
    scene.flush();
    expect(acks()).toEqual([{ success: true, savedId: 1 }]);
    expect(scene.sockets.payloads("ben", "new_message")).toMatchObject([{ content: "d**n" }]);
  });

  it.each(["crash", "long", "change", "append"])(
    "harm the frame alone in which they do not behave: %s",
    (content) => {
      say("first");
      say(content);
      say("last");
      expect(scene.flush().failures).toEqual([expect.any(Error)]);
      expect(acks()).toMatchObject([
        { success: true, savedId: 1 },
        { success: false, error: { code: "internal" } },
        { success: true, savedId: 2 },
      ]);
      const told = scene.sockets
        .payloads("ben", "new_message")
        .map((message) => message["content"]);
      expect(told).toEqual(["first", "last"]);
    },
  );

  it("tell somebody elsewhere, with the message or not at all", () => {
    say("help");
    scene.database.failing = true;
    scene.flush();
    scene.database.failing = false;
    expect(scene.store.outbox.isEmpty).toBe(true);
    say("help", "again");
    scene.flush();
    expect(scene.store.outbox.isEmpty).toBe(false);
  });

  it("wrap every command, after the grant", () => {
    scene.join("reader", { permissions: ["read"] });
    scene.hear("reader", { type: "send_message", messageId: "r", payload: { content: "hello" } });
    say("hello");
    scene.hear("ben", { type: "react", messageId: "x", payload: { seq: 1, emoji: "👍" } });
    scene.flush();
    expect(actors).toHaveLength(1);
    expect(scene.sockets.payloads("ben", "ack")).toMatchObject([
      { success: false, error: { code: "access_denied" } },
    ]);
  });

  it("are of what a chat has, or the chat is not made", () => {
    expect(() => chatKind(JSON.parse("{}"))).not.toThrow();
    const before = { new_message: () => undefined };
    expect(() => chatKind({ before } as object)).toThrow(/before\.new_message/);
    expect(CHAT.rules).toEqual({});
  });
});
