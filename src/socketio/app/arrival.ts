import { ProtocolError, type Refusal } from "../../protocol/error.ts";
import { refusalOf } from "../../protocol/refusal-of.ts";
import { NO_TOKEN } from "../../protocol/refusals.ts";
import type { Auth } from "./handover.ts";
import { type Places, readOffset } from "./offset.ts";
import type { AppPorts, Member } from "./ports.ts";

/** Whose a token is, or why nobody's. */
export type Verified =
  | { readonly ok: true; readonly member: Member }
  | { readonly ok: false; readonly why: Refusal };

/** Who is at the door. */
export type Arrival =
  | { readonly is: "refused"; readonly why: Refusal }
  | { readonly is: "new"; readonly member: Member }
  /** It has been here before, and says where it stood. */
  | {
      readonly is: "back";
      readonly member: Member;
      readonly pid: string;
      readonly sid: string;
      readonly places: Places;
    };

/** Looks at a token. Never throws. */
export async function verified(
  token: string | undefined,
  { verify }: Pick<AppPorts, "verify">,
): Promise<Verified> {
  try {
    if (token === undefined) throw ProtocolError.of(NO_TOKEN);
    return { ok: true, member: await verify(token) };
  } catch (error) {
    return { ok: false, why: refusalOf(error) };
  }
}

/** Looks at what a client brings to the door. Never throws. */
export async function arrivalOf({ token, pid, offset }: Auth, ports: AppPorts): Promise<Arrival> {
  const whose = await verified(token, ports);
  if (!whose.ok) return { is: "refused", why: whose.why };
  const { member } = whose;
  if (pid === undefined) return { is: "new", member };
  const sid = await ports.sidOf(pid, member.userId);
  // Whoever was never told of anything has been nowhere.
  const places = offset === undefined ? new Map() : readOffset(sid, offset);
  if (places !== undefined) return { is: "back", member, pid, sid, places };
  ports.cameBack("unknown");
  return { is: "new", member };
}
