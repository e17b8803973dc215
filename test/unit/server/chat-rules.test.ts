import { describe, expect, it } from "vitest";
import { refuse } from "../../../src/contract/index.ts";
import { chatKind } from "../../../src/kinds/chat/kind.ts";
import { type ChatRules, checkedChat } from "../../../src/server/chat-rules.ts";

describe("rules on chats", () => {
  it("are what a team says before a message is stored, and after it", () => {
    const rules: ChatRules = {
      before: {
        send_message: ({ data }) => (data.content === "rude" ? refuse("access_denied") : undefined),
      },
      after: { async new_message() {} },
      review: { send_message: async () => refuse("conflict"), onTimeout: "pass" },
    };
    expect(checkedChat(rules)).toEqual(rules);
    expect(checkedChat()).toEqual({ before: {}, after: {} });
  });

  it.each<[string, unknown, string]>([
    ["nothing", null, "chat is an object of rules"],
    ["a rule that would not be run", { joined: () => {} }, "no chat.joined, or not yet"],
    [
      "an authorize that was not loaded yet",
      { authorize: undefined },
      "chat.authorize is undefined",
    ],
    [
      "rules of a class",
      new (class {
        async authorize() {}
      })(),
      "chat has authorize inherited",
    ],
    [
      "rules after a message that a class has",
      {
        after: new (class {
          async new_message() {}
        })(),
      },
      "chat.after has new_message inherited",
    ],
    ["an authorize that is none", { authorize: true }, "authorize is no function"],
    [
      "one after what no chat stores",
      { after: { send_message() {} } },
      "a chat stores new_message",
    ],
    ["one that is none", { after: { new_message: 7 } }, "chat.after.new_message is a function"],
    ["one before what no chat is sent", { before: { sent() {} } }, "hibiki(): chat: before.sent"],
    ["a review of what no chat is sent", { review: { new_message() {} } }, "new_message"],
    ["another end of a review", { review: { onTimeout: "wait" } }, "onTimeout"],
  ])("refuse %s when the Worker starts", (_, rules, problem) => {
    const start = () => {
      const { after: _, ...own } = checkedChat(rules as ChatRules);
      return chatKind(own);
    };
    expect(start).toThrow(TypeError);
    expect(start).toThrow(problem);
  });
});
