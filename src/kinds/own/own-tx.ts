import type { AnyContract } from "../../contract/contract.ts";
import { parse } from "../../contract/parse.ts";
import type { Json } from "../../protocol/json.ts";
import { asJson, ownType } from "./own-type.ts";

/** Calls of one rule at most: each costs the flush, and a loop in a rule must not cost the room. */
const TX_CALLS = 100;

/** What a rule asked for, in the order that it did. */
export type TxCall =
  | { readonly do: "append" | "publish"; readonly type: string; readonly data: Json }
  | { readonly do: "schedule"; readonly timer: string; readonly at: number; readonly data: Json }
  | { readonly do: "cancel"; readonly timer: string }
  | {
      readonly do: "notify";
      readonly userId: string;
      readonly notice: { readonly type: string; readonly title: string; readonly data?: Json };
    }
  | { readonly do: "webhook"; readonly name: string; readonly data: Json }
  | { readonly do: "close"; readonly userId: string };

/** Takes down what a rule asks for; nothing of it is done before the rule has ended well. */
export class OwnTx {
  readonly calls: TxCall[] = [];
  readonly #contract: AnyContract;
  #isOver = false;

  constructor(contract: AnyContract) {
    this.#contract = contract;
  }

  append(type: string, data: unknown): void {
    this.#call({ do: "append", type, data: this.#checked("events", type, data) });
  }

  publish(type: string, data: unknown): void {
    this.#call({ do: "publish", type, data: this.#checked("signals", type, data) });
  }

  notify(userId: string, { type, title, data }: { type: string; title: string; data?: unknown }) {
    const notice = { type, title, ...(data === undefined ? {} : { data: asJson(data) }) };
    this.#call({ do: "notify", userId, notice });
  }

  close(userId: string): void {
    this.#call({ do: "close", userId });
  }

  schedule(timer: string, at: number, data: unknown): void {
    const schema = Object.hasOwn(this.#contract.timers, timer)
      ? this.#contract.timers[timer]
      : undefined;
    if (schema === undefined) throw new TypeError(`The contract has no timer "${timer}".`);
    if (!Number.isFinite(at)) throw new TypeError(`tx.schedule("${timer}"): at is no time.`);
    const parsed = parse(schema, data, `timers.${timer}`);
    if (!parsed.ok) throw new TypeError(parsed.problem);
    this.#call({ do: "schedule", timer, at: Math.ceil(at), data: asJson(parsed.value) });
  }

  cancel(timer: string): void {
    this.#call({ do: "cancel", timer });
  }

  webhook(name: string, data: unknown): void {
    this.#call({ do: "webhook", name, data: asJson(data) });
  }

  /** The rule has ended: what it still calls afterwards, in a promise of its own, comes too late. */
  end(): readonly TxCall[] {
    this.#isOver = true;
    return this.calls;
  }

  #call(call: TxCall): void {
    if (this.#isOver) throw new Error("A rule ends when it returns: its tx is over.");
    if (this.calls.length >= TX_CALLS) throw new RangeError(`A rule calls tx ${TX_CALLS} times.`);
    this.calls.push(call);
  }

  #checked(of: "events" | "signals", type: string, data: unknown): Json {
    const own = ownType(this.#contract, type);
    if (own?.of !== of) throw new TypeError(`The contract has no "${type}" among its ${of}.`);
    const parsed = parse(own.schema, data, type);
    if (!parsed.ok) throw new TypeError(parsed.problem);
    return asJson(parsed.value);
  }
}
