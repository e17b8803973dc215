import { Hono } from "hono";
import { reauthorizeBodySchema } from "../../protocol/http.ts";
import { enterAsBackend } from "../backend.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { readBodyIfAny } from "../input.ts";
import { callRoom } from "../room-stub.ts";

/** Has a kind's rule asked anew about those inside, for the backend alone (P14.8). */
export const reauthorization = new Hono<AppEnv>().post("/:room/reauthorize", async (c) => {
  const { room, actor } = await enterAsBackend(c);
  const { frameBytes } = c.var.settings.limits;
  const { userId } = await readBodyIfAny(reauthorizeBodySchema, c.req.raw, frameBytes);
  c.var.gate.forget(room, userId);
  const result = await callRoom(c.env, room, (stub) => stub.reauthorize(actor, userId));
  return result.ok ? c.json(result.value, 202) : failure(result.error);
});
