import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { contract } from "../../../src/contract/index.ts";
import { poll } from "../../fixtures/kinds/poll.ts";
import realtime from "../../fixtures/kinds/worker.ts";
import { Peer } from "../support/peer.ts";

const room = () => realtime.room(env, poll, `poll:${crypto.randomUUID()}`);

describe("the typed caller", () => {
  it("says what clients cannot, as the system, once a key", async () => {
    const lunch = room();
    const ada = await Peer.connect(lunch.name, "ada");
    const winner = { winner: "soup" };
    expect(await lunch.send("closed", winner, { key: "k-1" })).toEqual({
      seq: 1,
      duplicate: false,
    });
    expect(await lunch.send("closed", winner, { key: "k-1" })).toEqual({ seq: 1, duplicate: true });
    await ada.see("closed");
    expect(ada.frames.find(({ type }) => type === "closed")).toMatchObject({ userId: "system" });
    expect(await lunch.state()).toEqual({ open: false, votes: {} });
  });

  it("asks queries, and is told why one is refused", async () => {
    const lunch = room();
    await lunch.send("vote", { option: "soup" }, { key: "k-1" });
    expect(await lunch.query("tally", { least: 1 })).toEqual({ soup: 1 });
    await expect(lunch.query("tally", { least: 0 })).rejects.toMatchObject({
      name: "Refusal",
      code: "invalid_request",
    });
  });

  it("is what a rule that runs afterwards has of its room: what it says comes once", async () => {
    const lunch = room();
    const ada = await Peer.connect(lunch.name, "ada");
    await lunch.send("closed", { winner: "soup" }, { key: "k-1" });
    await ada.see("announced");
    await lunch.send("closed", { winner: "soup" }, { key: "k-1" });
    await lunch.send("closed", { winner: "bread" }, { key: "k-2" });
    await expect.poll(() => announced(ada)).toEqual(["soup", "bread"]);
  });

  it.each([
    ["a rule's", "nothing", { code: "no_such_option", status: 422, retryable: false }],
    ["the schema's", "", { code: "invalid_request", status: 400 }],
    ["our own", "crash", { code: "internal", status: 500, retryable: true }],
  ])("throws %s refusal as a Refusal with its code", async (_, option, told) => {
    const refusal = room().send("vote", { option }, { key: "k-1" });
    await expect(refusal).rejects.toMatchObject({ name: "Refusal", ...told });
  });

  it("refuses what JSON cannot carry, what is no event, and a key for something else", async () => {
    const lunch = room();
    const wrong = (type: never, data: unknown) => lunch.send(type, data as never, { key: "k-1" });
    await expect(wrong("vote" as never, { option: new Date() })).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(wrong("hover" as never, { option: "x" })).rejects.toMatchObject({
      code: "not_found",
    });
    await lunch.send("vote", { option: "soup" }, { key: "k-1" });
    await expect(lunch.send("vote", { option: "bread" }, { key: "k-1" })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(realtime.room(env, poll, `poll:${"x".repeat(200)}`).state()).rejects.toMatchObject(
      { code: "invalid_request" },
    );
  });

  it("is of the deployment's own kinds, and of their rooms alone", () => {
    const stranger = contract("survey", {});
    expect(() => realtime.room(env, stranger, "survey:x")).toThrow(
      'no kind of the contract "survey"',
    );
    expect(() => realtime.room(env, poll, "chat:x" as never)).toThrow('"chat:x" is no room');
    expect(() => realtime.room({} as never, poll, "poll:x")).toThrow(
      "[[durable_objects.bindings]]",
    );
  });
});

function announced({ frames }: Peer): readonly unknown[] {
  return frames.flatMap(({ type, payload }) =>
    type === "announced" ? [(payload as { winner: string }).winner] : [],
  );
}
