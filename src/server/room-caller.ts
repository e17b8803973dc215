import type { AnyContract, RoomName } from "../contract/contract.ts";
import type { Caller } from "../contract/rules.ts";
import type { Env } from "../edge/env.ts";
import { requireType } from "../edge/own-type.ts";
import { callRoom, type RoomStub } from "../edge/room-stub.ts";
import { asJson } from "../kinds/running/contract-type.ts";
import { thrownOf } from "../kinds/running/rule-refusal.ts";
import type { Actor } from "../objects/room-api.ts";
import { ProtocolError, type Refusal, refusal } from "../protocol/error.ts";
import { PERMISSIONS } from "../protocol/grant.ts";
import { INNER_VERSION } from "../protocol/inner-version.ts";
import type { Json } from "../protocol/json.ts";
import { parseRoomName } from "../protocol/parse-room-name.ts";
import { SYSTEM_USER_ID } from "../protocol/user-id.ts";

/** Who acts when code of the Worker does: rules see it as `{system: true}`. */
const WORKER: Actor = {
  userId: SYSTEM_USER_ID,
  name: SYSTEM_USER_ID,
  permissions: PERMISSIONS,
  backend: true,
  version: INNER_VERSION,
};

const UNREACHED = refusal("internal", "The room was not reached. Try again, under the same key.");

/** A room as code of the Worker calls it. Whatever is refused is thrown, as a `Refusal` with its code. */
export function roomCaller<C extends AnyContract>(
  env: Env,
  contract: C,
  name: RoomName<C>,
): Caller<C> {
  return {
    name,
    async send(event, data, { key: messageId }) {
      const type = String(event);
      const { saved } = await ask(env, name, (stub) => {
        requireType(name, contract, "events", type);
        return stub.submit(WORKER, { type, messageId, payload: jsonOf(data) });
      });
      if (saved === undefined) throw thrownOf(UNREACHED);
      return { seq: saved.savedId, duplicate: saved.duplicate === true };
    },
    async query(query, input) {
      const { value } = await ask(env, name, (stub) =>
        stub.query(WORKER, String(query), input === undefined ? undefined : jsonOf(input)),
      );
      return JSON.parse(value).output;
    },
    async state() {
      const { value } = await ask(env, name, (stub) => stub.state(WORKER));
      return JSON.parse(value).state;
    },
  };
}

type Answer = { readonly ok: true } | { readonly ok: false; readonly error: Refusal };

/** Asks a room, and throws why it refuses. */
async function ask<A extends Answer>(
  env: Env,
  name: string,
  question: (stub: RoomStub) => Promise<A>,
): Promise<Extract<A, { readonly ok: true }>> {
  const answer = await reach(env, name, question);
  if (!answer.ok) throw thrownOf(answer.error);
  // What is not refused is the other one.
  return answer as Extract<A, { readonly ok: true }>;
}

async function reach<A>(
  env: Env,
  name: string,
  question: (stub: RoomStub) => Promise<A>,
): Promise<A> {
  try {
    return await callRoom(env, parseRoomName(name), question);
  } catch (cause) {
    const error = cause instanceof ProtocolError ? cause.refusal : UNREACHED;
    throw Object.assign(thrownOf(error), { cause });
  }
}

/** @throws {ProtocolError} for what JSON would carry as something else. */
function jsonOf(data: unknown): Json {
  try {
    return asJson(data);
  } catch (error) {
    throw new ProtocolError("invalid_request", error instanceof Error ? error.message : "No JSON.");
  }
}
