import type { AnyContract } from "../../contract/contract.ts";
import { parse } from "../../contract/parse.ts";
import type { Granted } from "../../protocol/authority.ts";
import { AUTHORITY_BOUNDS } from "../../protocol/authority-limits.ts";
import { PERMISSIONS, type Permission } from "../../protocol/grant.ts";
import { utf8Bytes } from "../../protocol/utf8.ts";
import { asJson } from "./contract-type.ts";

const KEYS: ReadonlySet<string> = new Set(["can", "for", "member"]);
const SPAN = /^(\d+(?:\.\d+)?)([smh])$/;
const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Reads what `authorize` answered where it did not refuse.
 *
 * @throws {TypeError} that says why it grants nothing: a slip in a rule must let nobody in.
 */
export function grantedBy({ member }: AnyContract, answer: unknown): Granted {
  if (typeof answer !== "object" || answer === null) {
    throw new TypeError("authorize answered neither a grant, { can: […] }, nor a refusal.");
  }
  const given = answer as Readonly<Record<string, unknown>>;
  const stranger = Object.keys(given).find((key) => !KEYS.has(key));
  if (stranger !== undefined) throw new TypeError(`A grant has no "${stranger}".`);
  return {
    kind: "granted",
    permissions: permissionsIn(given["can"]),
    forMs: given["for"] === undefined ? undefined : spanMs(given["for"]),
    member: memberIn(member, given["member"]),
  };
}

/**
 * A time span in words, in milliseconds.
 *
 * @throws {TypeError} for anything else, and for what is beyond the bounds.
 */
export function spanMs(span: unknown): number {
  const [, number, unit = ""] = (typeof span === "string" ? SPAN.exec(span) : null) ?? [];
  const ms = Math.round(Number(number) * (UNITS_MS[unit] ?? Number.NaN));
  if (ms >= AUTHORITY_BOUNDS.authorizedMinMs && ms <= AUTHORITY_BOUNDS.authorizedMaxMs) return ms;
  throw new TypeError('A grant is for "30s" to "24h".');
}

function permissionsIn(can: unknown): readonly Permission[] {
  if (!Array.isArray(can)) throw new TypeError("A grant's can is a list of permissions.");
  const known: readonly unknown[] = PERMISSIONS;
  if (!can.every((one) => known.includes(one))) {
    throw new TypeError(`A grant can only have ${PERMISSIONS.join(", ")}.`);
  }
  return PERMISSIONS.filter((permission) => can.includes(permission));
}

function memberIn(schema: AnyContract["member"], member: unknown): Granted["member"] {
  if (schema === undefined) {
    if (member === undefined) return undefined;
    throw new TypeError("The contract has no member.");
  }
  const parsed = parse(schema, member, "member");
  if (!parsed.ok) throw new TypeError(parsed.problem);
  const json = asJson(parsed.value);
  if (utf8Bytes(JSON.stringify(json)) <= AUTHORITY_BOUNDS.memberBytes) return json;
  throw new RangeError(`A member is at most ${AUTHORITY_BOUNDS.memberBytes} bytes of JSON.`);
}
