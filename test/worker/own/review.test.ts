import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { foul } from "../../fixtures/kinds/foul.ts";
import realtime from "../../fixtures/kinds/worker.ts";
import { call } from "../support/http.ts";
import { Peer } from "../support/peer.ts";

const chat = () => `room-${crypto.randomUUID()}`;

function post(room: string, content: string, key: string): Promise<Response> {
  const headers = { "Idempotency-Key": key };
  return call("POST", `/v1/rooms/${room}/messages?as=ada`, { body: { content }, headers });
}

describe("a review on the platform", () => {
  it("is asked of sockets and of HTTP, the API key too, and its answers reach the sender (P16.1, P16.3)", async () => {
    const room = chat();
    const ada = await Peer.connect(room, "ada");
    const ben = await Peer.connect(room, "ben");
    const acks = await Promise.all([ada.say("damn", "m-1"), ada.say("rude", "m-2"), ada.say("x")]);
    expect(acks).toMatchObject([
      { savedId: 1 },
      { error: { code: "rude", message: "Say it kindly." } },
      { savedId: 2 },
    ]);
    await ben.see("new_message", 2);
    expect(ben.of("new_message").map(({ content }) => content)).toEqual(["d**n", "x"]);
    expect(await ada.say("damn", "m-1")).toEqual({ success: true, savedId: 1, duplicate: true });
    const rude = await post(room, "rude", "h-1");
    expect([rude.status, await rude.json()]).toMatchObject([422, { error: { code: "rude" } }]);
    const said = await post(room, "damn", "h-2");
    expect([said.status, await said.json()]).toEqual([201, { savedId: 3 }]);
    const again = await post(room, "damn", "h-2");
    expect([again.status, await again.json()]).toEqual([200, { savedId: 3, duplicate: true }]);
  });

  it("keeps the room awake, and ends in time: whoever hangs is answered unavailable (P16.4)", async () => {
    const room = realtime.room(env, foul, `foul:${crypto.randomUUID()}`);
    const ada = await Peer.connect(room.name, "ada");
    const begun = performance.now();
    const hung = ada.ask("say", { hook: "review", how: "hangs" });
    const typed = room.send("say", { hook: "review", how: "hangs" }, { key: "k-1" });
    await expect(typed).rejects.toMatchObject({
      code: "unavailable",
      status: 503,
      retryable: true,
    });
    expect(await hung).toMatchObject({ error: { code: "unavailable", retryable: true } });
    expect(performance.now() - begun).toBeGreaterThan(1_500);
    expect(await ada.ask("say", { hook: "none", how: "" })).toMatchObject({ savedId: 1 });
  });

  it("does not outlive its room: who waits is told that it was deleted", async () => {
    const room = `foul:${crypto.randomUUID()}`;
    const ada = await Peer.connect(room, "ada");
    ada.send({ type: "say", messageId: "m-1", payload: { hook: "review", how: "hangs" } });
    await ada.settle().catch(() => {});
    const headers = { "Idempotency-Key": "h-1" };
    const body = { hook: "review", how: "hangs" };
    const waiting = call("POST", `/v1/rooms/${room}/events/say`, { body, headers });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect((await call("DELETE", `/v1/rooms/${room}`)).status).toBe(204);
    const answer = await waiting;
    expect([answer.status, await answer.json()]).toMatchObject([
      403,
      { error: { message: "This room was deleted." } },
    ]);
    expect(await ada.untilClosed()).toMatchObject({ code: 4403 });
    expect((await Peer.connect(room, "ben")).joined).toMatchObject({ seq: 0 });
  });
});
