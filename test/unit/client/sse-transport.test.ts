import { describe, expect, it } from "vitest";
import "../../../src/client/http-transports.ts";
import { greeted, opened, sendMessage } from "./support/channel-scene.ts";
import { answer, FakeStream } from "./support/fake-http.ts";
import { settle } from "./support/manual-clock.ts";
import { frame, joined, message, newMessage } from "./support/scene.ts";

describe("Server-Sent Events", () => {
  it("takes a comment for a sign of life", async () => {
    const { signs, stream, told } = await greeted();
    const before = signs();
    stream().text(":\n\n");
    await settle();
    expect(signs()).toBe(before + 1);
    expect(told).toEqual(["joined_room"]);
  });

  it("reads text that is cut within a letter", async () => {
    const { frames, stream } = await greeted();
    const bytes = new TextEncoder().encode(
      `data: ${JSON.stringify({ ...newMessage(1), payload: { ...message(1), content: "👍" } })}\n\n`,
    );
    for (const byte of bytes) stream().bytes(Uint8Array.of(byte));
    await settle();
    expect(frames.at(-1)).toMatchObject({ payload: { content: "👍" } });
  });

  it.each([
    ["token_expired", 4401],
    ["banned", 4403],
    ["too_many_connections", 4429],
    ["internal", 1011],
  ])("takes its last word %s for the reason of its end", async (code, close) => {
    const { stream, told } = await greeted();
    stream().say(frame("error", { code, message: "no", retryable: false }));
    stream().end();
    await settle();
    expect(told).toEqual(["joined_room", "error", close]);
  });

  it("ends with 1006 when something else was its last word", async () => {
    const { stream, told } = await greeted();
    stream().say(
      frame("error", { code: "internal", message: "no", retryable: true }),
      newMessage(1),
    );
    stream().end();
    await settle();
    expect(told.at(-1)).toBe(1006);
  });

  it.each([
    ["is no stream", { headers: { get: () => "text/html" } }],
    ["has no body to read from", { body: null }],
    ["is a proxy's", { status: 502 }],
  ])("ends with 1006 when the answer %s", async (_, broken) => {
    const { told } = await opened("sse", {}, (fake) =>
      fake.on(/events$/, ({ signal }) => ({ ...new FakeStream(signal).response, ...broken })),
    );
    expect(told).toEqual([1006]);
  });
});

describe("a probe", () => {
  it("reads anew from where it is, and takes the old stream's place without a repeat or a gap", async () => {
    const { channel, network, stream, told } = await greeted();
    const old = stream();
    old.say(newMessage(1));
    await settle();
    channel.probe();
    await settle();
    const fresh = stream();
    expect(network.requests.at(-1)?.url.searchParams.get("since")).toBe("1");
    expect(old.isAborted).toBe(false);
    fresh.say(joined({ recovered: true, seq: 2 }), newMessage(2));
    await settle();
    expect(old.isAborted).toBe(true);
    expect(told).toEqual(["joined_room", "new_message", "joined_room", "new_message"]);
    fresh.end();
    await settle();
    expect(told.at(-1)).toBe(1006);
  });

  it("that fails ends nothing by itself", async () => {
    const { channel, stream, told } = await greeted();
    const old = stream();
    channel.probe();
    await settle();
    stream().end();
    await settle();
    old.say(newMessage(1));
    await settle();
    expect(told).toEqual(["joined_room", "new_message"]);
  });

  it("that finds the thread lost comes back for what was missed", async () => {
    const { channel, stream, told } = await greeted();
    channel.probe();
    await settle();
    stream().say(joined({ recovered: false, seq: 9_000 }));
    await settle();
    expect(told).toEqual(["joined_room", 1012]);
  });

  it("says by a request when it was first sent", async () => {
    const { network, http, send } = await greeted();
    http.on(/^POST/, () => answer(201, { savedId: 3 }));
    await send({ ...sendMessage("m1"), sentAt: 2 });
    expect(network.requests.at(-1)?.url.search).toBe("?sentAt=2");
  });
});
