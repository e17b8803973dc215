import { Hono } from "hono/tiny";
import { documentContract } from "../../kinds/document/contract.ts";
import { reauthorizeBodySchema } from "../../protocol/http.ts";
import { roomKind } from "../../protocol/room-kind.ts";
import { enterAsBackend } from "../backend.ts";
import { callDocument } from "../document-stub.ts";
import type { AppEnv } from "../env.ts";
import { failure } from "../failure.ts";
import { readBodyIfAny } from "../input.ts";
import { callRoom } from "../room-stub.ts";

/**
 * Has a kind's rule asked anew about those inside, for the backend alone (P14.8): in a document about
 * those on both of its wires, each of which is an object of its own.
 */
export const reauthorization = new Hono<AppEnv>().post("/:room/reauthorize", async (c) => {
  const { room, actor } = await enterAsBackend(c);
  const { frameBytes } = c.var.settings.limits;
  const { userId } = await readBodyIfAny(reauthorizeBodySchema, c.req.raw, frameBytes);
  c.var.gate.forget(room, userId);
  const result = await callRoom(c.env, room, (stub) => stub.reauthorize(actor, userId));
  if (!result.ok) return failure(result.error);
  if (roomKind(room.name) !== documentContract.name || c.env.DOCUMENT === undefined) {
    return c.json(result.value, 202);
  }
  const editors = await callDocument(c.env, room, (stub) => stub.reauthorize(actor, userId));
  if (!editors.ok) return failure(editors.error);
  return c.json({ asked: result.value.asked + editors.value.asked }, 202);
});
