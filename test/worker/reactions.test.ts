import { describe, expect, it } from "vitest";
import { call } from "./support/http.ts";
import { tokenFor } from "./support/tokens.ts";

async function scene() {
  const room = `/v1/rooms/room-${crypto.randomUUID()}`;
  const auth = await tokenFor("ada");
  await call("POST", `${room}/messages`, { auth, body: { content: "hello" } });
  const react = (body: unknown, key = "k1", seq = 1) =>
    call("POST", `${room}/messages/${seq}/reactions`, {
      auth,
      body,
      headers: { "Idempotency-Key": key },
    });
  const reactions = async () => {
    const page = await call("GET", `${room}/messages`, { auth });
    const { messages } = await page.json<{ messages: { reactions?: unknown }[] }>();
    return messages[0]?.reactions;
  };
  return { room, react, reactions };
}

describe("reactions over HTTP", () => {
  it("adds one, once for its key, and takes it back", async () => {
    const { react, reactions } = await scene();
    const added = await react({ emoji: "👍" });
    expect([added.status, await added.json()]).toEqual([200, { savedId: 2 }]);
    expect(await (await react({ emoji: "👍" })).json()).toEqual({ savedId: 2, duplicate: true });
    expect(await reactions()).toEqual({ "👍": ["ada"] });
    expect(await (await react({ emoji: "👍", remove: true }, "k2")).json()).toEqual({ savedId: 3 });
    expect(await reactions()).toBeUndefined();
  });

  it("refuses what is no emoji, no message, or said for nobody (P2.9)", async () => {
    const { room, react } = await scene();
    expect((await react({ emoji: "" })).status).toBe(400);
    expect((await react({ emoji: "👍" }, "k1", 9)).status).toBe(404);
    const body = { emoji: "👍" };
    expect((await call("POST", `${room}/messages/1/reactions`, { body })).status).toBe(400);
    const as = await call("POST", `${room}/messages/1/reactions?as=bob`, { body });
    expect(as.status).toBe(200);
  });
});
