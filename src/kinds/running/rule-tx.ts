import type { AnyContract } from "../../contract/contract.ts";
import { parse } from "../../contract/parse.ts";
import { isReserved } from "../../contract/reserved-contract.ts";
import { userIdSchema } from "../../protocol/field-schema.ts";
import type { Json } from "../../protocol/json.ts";
import { BOUNDS } from "../../protocol/limits.ts";
import type { NotificationContent } from "../../protocol/notification.ts";
import { notificationSchema } from "../../protocol/notification-schema.ts";
import { isLongerThan, utf8Bytes } from "../../protocol/utf8.ts";
import { asJson, contractType } from "./contract-type.ts";

/** Hands that do what a rule asks for, whose types are not known any more. */
interface Doer {
  append(type: string, data: Json): unknown;
  publish(type: string, data: Json): void;
  schedule(timer: string, at: number, data: Json): void;
  cancel(timer: string): void;
  notify(userId: string, content: NotificationContent): void;
  webhook(name: string, data: Json): void;
  close(userId: string): void;
}

/** What a rule asked for: done once it has ended well. */
export type TxCall = (doer: Doer) => void;

/**
 * Takes down what a rule asks for, in order, after it was checked: a rule's types are not known here,
 * and what it hands over is its own to change. Nothing is done before the rule has ended well.
 */
export class RuleTx {
  readonly #contract: AnyContract;
  readonly #calls: TxCall[] = [];
  #bytes = 0;
  #isOver = false;

  constructor(contract: AnyContract) {
    this.#contract = contract;
  }

  append(type: string, data: unknown): void {
    const json = this.#checked("events", type, data);
    this.#call(json, (doer) => doer.append(type, json));
  }

  publish(type: string, data: unknown): void {
    const json = this.#checked("signals", type, data);
    this.#call(json, (doer) => doer.publish(type, json));
  }

  notify(
    userId: string,
    { type, title, data }: Pick<NotificationContent, "type" | "title" | "data">,
  ) {
    const json = data === undefined ? {} : { data: asJson(data) };
    const notice = checkedNotice(userId, { type, title, ...json });
    this.#call(asJson(notice), (doer) => doer.notify(userId, notice));
  }

  close(userId: string): void {
    this.#call(null, (doer) => doer.close(userId));
  }

  schedule(timer: string, at: number, data: unknown): void {
    const schema = Object.hasOwn(this.#contract.timers, timer)
      ? this.#contract.timers[timer]
      : undefined;
    if (schema === undefined) throw new TypeError(`The contract has no timer "${timer}".`);
    if (!Number.isFinite(at)) throw new TypeError(`tx.schedule("${timer}"): at is no time.`);
    const parsed = parse(schema, data, `timers.${timer}`);
    if (!parsed.ok) throw new TypeError(parsed.problem);
    const json = asJson(parsed.value);
    if (isLongerThan(JSON.stringify(json), BOUNDS.timerDataBytes)) {
      throw new RangeError(`A timer's data is of ${BOUNDS.timerDataBytes} bytes at most.`);
    }
    this.#call(json, (doer) => doer.schedule(timer, Math.ceil(at), json));
  }

  cancel(timer: string): void {
    this.#call(null, (doer) => doer.cancel(timer));
  }

  webhook(name: string, data: unknown): void {
    const json = asJson(data);
    this.#call(json, (doer) => doer.webhook(name, json));
  }

  /** The rule has ended: what it still calls afterwards, in a promise of its own, comes too late. */
  end(): readonly TxCall[] {
    this.#isOver = true;
    return this.#calls;
  }

  #call(about: Json, call: TxCall): void {
    if (this.#isOver) throw new Error("A rule ends when it returns: its tx is over.");
    if (this.#calls.length >= BOUNDS.ruleCalls) {
      throw new RangeError(`A rule calls tx ${BOUNDS.ruleCalls} times at most.`);
    }
    this.#bytes += utf8Bytes(JSON.stringify(about));
    if (this.#bytes > BOUNDS.ruleBytes) {
      throw new RangeError(`What a rule asks for is of ${BOUNDS.ruleBytes} bytes at most.`);
    }
    this.#calls.push(call);
  }

  #checked(part: "events" | "signals", type: string, data: unknown): Json {
    const known = contractType(this.#contract, type);
    if (known?.part !== part)
      throw new TypeError(`The contract has no "${type}" among its ${part}.`);
    if (isReserved(this.#contract)) {
      throw new TypeError(`"${type}" says what its command has done: send that instead.`);
    }
    const parsed = parse(known.schema, data, type);
    if (!parsed.ok) throw new TypeError(parsed.problem);
    return asJson(parsed.value);
  }
}

/**
 * Inboxes do not look again at what rooms tell them.
 *
 * @throws {TypeError} for what no notification may be.
 */
function checkedNotice(userId: string, notice: NotificationContent): NotificationContent {
  const isFit =
    userIdSchema.safeParse(userId).success && notificationSchema.safeParse(notice).success;
  if (isFit) return notice;
  throw new TypeError(
    `tx.notify: a user's id, a type of ${BOUNDS.notificationTypeChars} and a title of ${BOUNDS.notificationTitleChars} characters, and data of ${BOUNDS.notificationDataBytes} bytes at most.`,
  );
}
