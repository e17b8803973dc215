import type { AnyContract } from "../../contract/contract.ts";
import type { Kind } from "../../contract/kind.ts";
import type { ReservedContract } from "../../contract/reserved-contract.ts";
import { isReserved } from "../../contract/reserved-contract.ts";
import type { AnyRule, AnyRules } from "../../contract/rules.ts";
import { isServerOnly, type Schema, type Schemas } from "../../contract/schema.ts";
import { type Refusal, refusal } from "../../protocol/error.ts";
import type { ClientFrameRow } from "../../protocol/frames/row.ts";
import { CLIENT_FRAMES, type ClientPayloads } from "../../protocol/frames.ts";
import type { Permission } from "../../protocol/grant.ts";
import type { Json } from "../../protocol/json.ts";
import { payloadSchemas } from "../../protocol/payload-schema.ts";
import { refuseWithout } from "../../protocol/permission.ts";
import { DEFAULT_LIMITS } from "../../protocol/settings.ts";
import type { Actor } from "../../room/actor.ts";
import type { KindMemory } from "../../room/hooks/kind.ts";
import { type Command, extensionOf } from "../extension.ts";
import { presence, presencePayload } from "../presence.ts";

const { read_messages: readSchema } = payloadSchemas(DEFAULT_LIMITS.contentChars);

/** A command of a kind whose types are not known any more. */
export type AnyCommand = Command<ReservedContract, Schema, KindMemory>;

/** A type of frame that may be sent to rooms of a kind, and all that its contract and rules say of it. */
export interface Sayable {
  readonly type: string;
  readonly schema: Schema;
  /** Whether it is stored as it is sent, and so needs a key. */
  readonly isEvent: boolean;
  /** Any one of these grants is needed, but of what is the server side's alone; absent where none is. */
  readonly needs: readonly Permission[] | undefined;
  readonly isServerOnly: boolean;
  /** Whether only the newest of a connection counts. */
  readonly isConflated: boolean;
  readonly before: AnyRule | undefined;
  /** What comes of it once the grant and the rule have let it through. */
  readonly decide: (command: AnyCommand) => Refusal | undefined;
}

/**
 * What may be said in rooms of a kind, by type: a team's events, which are stored and folded, and
 * signals, which are told; commands, of which an extension decides what comes.
 */
export function sayablesOf(kind: Kind): ReadonlyMap<string, Sayable> {
  const { contract, rules } = kind;
  const extension = extensionOf(kind);
  const of = (
    schemas: Schemas,
    more: (
      type: string,
    ) => Pick<Sayable, "isEvent" | "needs" | "decide"> & Partial<Pick<Sayable, "isConflated">>,
  ) =>
    Object.entries(schemas).map(([type, schema]): [string, Sayable] => [
      type,
      {
        type,
        schema,
        isServerOnly: isServerOnly(schema),
        isConflated: false,
        before: ruleOf(rules, "before", type),
        ...more(type),
      },
    ]);
  if (extension !== undefined && isReserved(contract)) {
    const rows: Readonly<Record<string, ClientFrameRow>> = CLIENT_FRAMES;
    return new Map(
      of(contract.commands, (type) => ({
        isEvent: false,
        isConflated: rows[type]?.conflated === true,
        needs: rows[type]?.needs,
        decide: extension.decide[type] ?? unknownType,
      })),
    );
  }
  return new Map([
    ...of(contract.events, (type) => ({
      isEvent: true,
      needs: ["write"],
      decide: ({ data, tx }) => {
        tx.append(type, data);
        return undefined;
      },
    })),
    ...of(contract.signals, (type) => ({
      isEvent: false,
      needs: ["publish"],
      decide: ({ data, tx }) => {
        tx.publish(type, data);
        tx.countReaders();
        return undefined;
      },
    })),
    ...of(presenceOf(contract), () => ({
      isEvent: false,
      isConflated: CLIENT_FRAMES.presence.conflated,
      needs: CLIENT_FRAMES.presence.needs,
      // Its schema has put that out.
      decide: ({ data, tx }) => presence({ data: data as { readonly data: Json }, tx }),
    })),
    ...of(receiptsOf(contract), () => ({
      isEvent: false,
      needs: CLIENT_FRAMES.read_messages.needs,
      decide: ({ data, actor, tx }) => {
        // Its schema has put that out.
        tx.receipt(actor.userId, (data as ClientPayloads["read_messages"]).upTo);
        return undefined;
      },
    })),
  ]);
}

/** How far people have read, in a team's own rooms whose contract has that kept. */
function receiptsOf({ receipts }: AnyContract): Schemas {
  return receipts ? { read_messages: readSchema } : {};
}

/** What people of a team's own rooms may show of themselves, where its contract says that. */
function presenceOf({ presence: data }: AnyContract): Schemas {
  return data === undefined ? {} : { presence: presencePayload(data) };
}

/** A rule by its name, of which there may be none. */
export function ruleOf(
  rules: AnyRules,
  part: "before" | "timers" | "queries",
  name: string,
): AnyRule | undefined {
  const among = rules[part];
  return among !== undefined && Object.hasOwn(among, name) ? among[name] : undefined;
}

/** Why somebody may not say a thing, whatever it says. */
export function refuseToSay(
  { type, needs, isServerOnly: only }: Sayable,
  actor: Actor,
): Refusal | undefined {
  if (only) {
    return actor.backend === true
      ? undefined
      : refusal("access_denied", `No client may send "${type}".`);
  }
  return needs === undefined ? undefined : refuseWithout(needs, actor);
}

function unknownType({ data }: AnyCommand): never {
  throw new TypeError(`Nobody decides what comes of ${JSON.stringify(data)}.`);
}
