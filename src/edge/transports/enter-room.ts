import {
  ADMISSION_HEADER,
  type Transport,
  type Via,
  writeAdmission,
} from "../../protocol/admission.ts";
import type { Refusal } from "../../protocol/error.ts";
import { refusalSchema } from "../../protocol/error-schema.ts";
import type { Wire } from "../../protocol/subprotocol.ts";
import type { Env } from "../env.ts";
import { callRoom } from "../room-stub.ts";
import type { Visitor } from "../visitor.ts";

/** How a visitor comes in. */
export interface EntryOptions {
  readonly wire: Wire;
  readonly transport: Transport;
  /** What it counts as, where that is no transport of rooms. */
  readonly via?: Via;
  /** Messages of history wanted by a client that does not resume. */
  readonly history: number;
  /** Whether its own events come back to it. */
  readonly echo?: boolean | undefined;
  /** Whether {@link InnerSocket.alive} is called whenever the reader has taken what came. */
  readonly paced?: boolean | undefined;
  /** What the client's own socket offers, `Sec-WebSocket-Extensions`. */
  readonly extensions?: string | null;
}

/** The room's answer to a visitor: an upgrade, or why not. */
export type Entered =
  | { readonly ok: true; readonly response: Response }
  | { readonly ok: false; readonly error: Refusal };

/**
 * Hands a visitor to the room, in a fresh request that says who it is. Nothing of the client's own
 * request goes along but its offer of compression.
 */
export async function enterRoom(
  env: Env,
  { room, actor, expiresAt, authority, address, cursor, folds }: Visitor,
  { wire, transport, via, history, echo = false, paced = false, extensions = null }: EntryOptions,
): Promise<Entered> {
  const { userId, name, backend } = actor;
  const permissions = [...actor.permissions];
  const admission = writeAdmission({
    session: {
      userId,
      name,
      permissions,
      expiresAt,
      wire,
      transport,
      address,
      backend,
      ...(via === undefined ? {} : { via }),
      ...(folds === undefined ? {} : { folds }),
      ...(authority === undefined ? {} : { authority }),
      ...(echo ? { echo } : {}),
      ...(paced ? { paced } : {}),
    },
    history,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const headers = new Headers({ Upgrade: "websocket", [ADMISSION_HEADER]: admission });
  if (extensions !== null) headers.set("Sec-WebSocket-Extensions", extensions);
  const response = await callRoom(env, room, (stub) => stub.fetch("https://room/", { headers }));
  return response.status === 101
    ? { ok: true, response }
    : { ok: false, error: refusalSchema.parse(await response.json()) };
}
