import type { AnyContract } from "../../contract/contract.ts";
import { frozen } from "../../contract/frozen.ts";
import { parse } from "../../contract/parse.ts";
import type { Schema } from "../../contract/schema.ts";
import type { Json } from "../../protocol/json.ts";
import { asJson } from "./contract-type.ts";

/** The name of the step that a state takes: no event can be called so. */
const STATE = "state";

/** What was stored in the shape of one version of a contract, in the shape of today's. */
export type Migrated =
  | { readonly ok: true; readonly data: Json }
  | { readonly ok: false; readonly problem: string };

/** A room cannot begin: its state is of another version, and what it was folded from is gone. */
export class StateNotMigrated extends Error {
  override readonly name = "StateNotMigrated";
}

/**
 * The data of a stored event as today's schema has it: step by step from the version that it was stored
 * by. Of a newer version, which there is after a deployment was taken back, nobody knows steps: what the
 * schema takes of it is taken.
 */
export function migrated(
  contract: AnyContract,
  type: string,
  version: number,
  data: Json,
): Migrated {
  if (version === contract.version) return { ok: true, data };
  const schema = Object.hasOwn(contract.events, type) ? contract.events[type] : undefined;
  if (schema === undefined) return { ok: false, problem: `there is no event "${type}" any more` };
  try {
    let now: unknown = frozen(data);
    for (let from = version; from < contract.version; from += 1) {
      const step = stepOf(contract, from, type);
      if (step !== undefined) now = step(now);
    }
    return parsed(schema, now, type);
  } catch (error) {
    return { ok: false, problem: String(error) };
  }
}

/**
 * A state of an earlier version, whose log is not whole any more.
 *
 * @throws {StateNotMigrated} that says what to write, or what is wrong with what was written.
 */
export function migratedState(contract: AnyContract, version: number, state: Json): Json {
  const whose = `contract("${contract.prefix}")`;
  if (version > contract.version) {
    throw new StateNotMigrated(
      `${whose}: version ${version} has written this room, and its log was trimmed: version ${contract.version} cannot tell how it stands. Finish the deployment of version ${version}.`,
    );
  }
  let now: unknown = frozen(state);
  for (let from = version; from < contract.version; from += 1) {
    const step = stepOf(contract, from, STATE);
    if (step === undefined) {
      throw new StateNotMigrated(
        `${whose}: the log of this room was trimmed, so its state of version ${from} cannot be folded anew. Write migrate[${from}].state: (old) => the state of version ${from + 1}.`,
      );
    }
    try {
      now = step(now);
    } catch (error) {
      throw new StateNotMigrated(`${whose}: migrate[${from}].state fails: ${String(error)}`);
    }
  }
  if (contract.state === undefined) return state;
  const answer = parsed(contract.state, now, STATE);
  if (answer.ok) return answer.data;
  throw new StateNotMigrated(`${whose}: migrate leads to no state of today: ${answer.problem}`);
}

function stepOf({ migrate }: AnyContract, from: number, of: string) {
  const steps = Object.hasOwn(migrate, from) ? migrate[from] : undefined;
  return steps !== undefined && Object.hasOwn(steps, of) ? steps[of] : undefined;
}

function parsed(schema: Schema, value: unknown, whole: string): Migrated {
  const answer = parse(schema, value, whole);
  return answer.ok ? { ok: true, data: asJson(answer.value) } : answer;
}
