import { describe, expect, it } from "vitest";
import { checkedWebhooks } from "../../../src/server/webhooks.ts";

const URL = "https://tickets.example/hook";
const hook = { url: () => URL, secret: () => "whsec_", events: ["new_message", "poll.closed"] };

describe("the webhooks of hibiki()", () => {
  it("hear of all rooms, and are named by their place, unless they say otherwise", () => {
    const named = { ...hook, name: "crm", rooms: "support-*", events: ["room_empty"] };
    expect(checkedWebhooks([hook, named])).toMatchObject([
      { name: "0", rooms: "*", events: hook.events },
      { name: "crm", rooms: "support-*", events: ["room_empty"] },
    ]);
  });

  it("have their URL and secret from the environment, each time anew", () => {
    const own = { ...hook, url: ({ U }: { U: string }) => U, secret: ({ S }: { S: string }) => S };
    const [webhook] = checkedWebhooks([own]);
    expect(webhook?.endpoint({ U: URL, S: "a" })).toEqual({ url: URL, secret: "a" });
    expect(webhook?.endpoint({ U: URL, S: "b" })).toEqual({ url: URL, secret: "b" });
  });

  it.each<[string, unknown, string]>([
    ["one by itself", hook, "webhooks is a list"],
    ["nothing", [null], "webhooks[0].url is a function"],
    ["a URL that is in the code", [{ ...hook, url: URL }], "webhooks[0].url is a function"],
    ["a secret that is in the code", [{ ...hook, secret: "whsec_x" }], "webhooks[0].secret is"],
    ["one that hears nothing", [hook, { ...hook, events: [] }], "webhooks[1].events lists"],
    ["an event that there is not", [{ ...hook, events: ["closed"] }], 'no "closed"'],
    ["a frame that is not stored", [{ ...hook, events: ["user_typing"] }], 'no "user_typing"'],
    ["rooms that are no pattern", [{ ...hook, rooms: "*-support" }], "webhooks[0].rooms is"],
    ["a name with a full stop", [{ ...hook, name: "a.b" }], "webhooks[0].name is"],
    ["two of one name", [hook, { ...hook, name: "0" }], 'two webhooks are named "0"'],
  ])("refuse %s when the Worker starts", (_, webhooks, problem) => {
    expect(() => checkedWebhooks(webhooks)).toThrow(TypeError);
    expect(() => checkedWebhooks(webhooks)).toThrow(problem);
  });
});
