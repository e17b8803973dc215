import { frozen } from "../../contract/frozen.ts";
import { isRefusal } from "../../contract/refusal.ts";
import type { AnyRule } from "../../contract/rules.ts";
import { refuseWithout } from "../../protocol/permission.ts";
import { ROOM_EMPTY } from "../../protocol/room-empty.ts";
import { type Actor, SYSTEM } from "../../room/actor.ts";
import type { FrameParser, RoomFrame } from "../../room/frame.ts";
import { type Answered, type Decision, type Refused, refused } from "../../room/hooks/decision.ts";
import type { KindMemory, KindPorts, KindRoom, Moments, Question } from "../../room/hooks/kind.ts";
import { blaming } from "../../room/hooks/rule-failure.ts";
import { Deed } from "./deed.ts";
import type { Definition } from "./definition.ts";
import { type Moment, momentOfType, momentsOf } from "./moment.ts";
import { parserOf } from "./parser.ts";
import { personOf } from "./person.ts";
import { answered, QUERY } from "./query.ts";
import { answerOf, refusalOf } from "./rule-refusal.ts";
import { RuleTx, type TxCall } from "./rule-tx.ts";
import { refuseToSay, ruleOf } from "./sayable.ts";
import { Standing, TIMER } from "./standing.ts";
import type { Timer } from "./standing-store.ts";
import { retryOf } from "./timer-retry.ts";

/** What a rule has let through, and what it asked for beside. */
interface Let {
  readonly ok: true;
  readonly data: unknown;
  readonly calls: readonly TxCall[];
}

/**
 * One room of whatever kind: the one place where grants are asked for, rules run, and their answers
 * are taken. Rules are a team's and run before anything is decided, on data that is frozen; what they
 * let through is decided by their contract's parts or by an extension.
 */
export class RunningRoom implements KindRoom {
  readonly memory: KindMemory;
  readonly moments: Moments;
  readonly #definition: Definition;
  readonly #ports: KindPorts;
  readonly #standing: Standing | undefined;
  #parse: FrameParser | undefined;
  #decisions = 0;

  constructor(definition: Definition, ports: KindPorts) {
    const { extension, contract } = definition;
    this.#definition = definition;
    this.#ports = ports;
    this.#standing = extension === undefined ? new Standing(contract, ports) : undefined;
    this.moments = momentsOf(definition.rules, ports.subscriptions);
    this.memory = this.#standing ?? extension?.open(ports) ?? {};
  }

  decide(frame: RoomFrame, actor: Actor, now: number): Decision {
    if (frame.type === QUERY) return this.#asked(frame, actor);
    const sayable = this.#definition.sayables.get(frame.type);
    if (sayable === undefined) return this.#happen(frame.type, actor, now);
    const denied = refuseToSay(sayable, actor);
    if (denied !== undefined) return refused(denied);
    const { messageId = "", source } = frame;
    const { before } = sayable;
    const ruled =
      before === undefined
        ? undefined
        : blaming("before", () => this.#rule(before, frame, actor, now));
    if (ruled?.ok === false) return ruled;
    const tx = this.#deed(messageId, actor, now);
    const { memory } = this;
    const data = ruled === undefined ? frame.payload : ruled.data;
    const refusal = sayable.decide({ data, messageId, source, actor, now, memory, tx });
    if (refusal !== undefined) return tx.refused(refusal);
    return ruled === undefined ? tx.decision() : blaming("before", () => tx.decision(ruled.calls));
  }

  query(question: Question, actor: Actor, now: number): Answered {
    const { contract, rules } = this.#definition;
    const state = this.#standing?.stored;
    const here = { actor: personOf(actor), state, now };
    return blaming("queries", () => answered(contract, rules, question, here));
  }

  /** Answered when the flush has ended: nobody is told of what may yet be undone. */
  #asked({ payload }: RoomFrame, actor: Actor): Decision {
    const denied = refuseWithout(["read"], actor);
    if (denied !== undefined) return refused(denied);
    // As the parser put it out.
    const question = payload as Question;
    return { ok: true, effects: [], answer: (now) => this.query(question, actor, now) };
  }

  /** Runs the rule of what is said. */
  #rule(before: AnyRule, frame: RoomFrame, actor: Actor, now: number): Let | Refused {
    const { contract } = this.#definition;
    const tx = new RuleTx(contract);
    const asked = { data: frozen(frame.payload), actor: personOf(actor), ...this.#here(now), tx };
    const answer = answerOf(before, asked);
    if (isRefusal(answer)) return refused(refusalOf(contract, answer));
    const isKept = answer === undefined || answer === frame.payload;
    const data = isKept ? frame.payload : this.#parsedAgain(frame, answer);
    return { ok: true, data, calls: tx.end() };
  }

  /** Decides on what nobody has said. */
  #happen(type: string, actor: Actor, now: number): Decision {
    const moment = momentOfType(this.#definition.rules, type);
    return moment === undefined ? this.#fire(type, now) : this.#pass(moment, actor, now);
  }

  /** Tells those outside that nobody is left, whatever the rule of it does, and runs the rule of a moment. */
  #pass({ rule, hook }: Moment, actor: Actor, now: number): Decision {
    const isSomebodys = hook !== "empty";
    const told = this.#deed("", actor, now);
    if (!isSomebodys) told.webhook(ROOM_EMPTY, {});
    if (rule === undefined) return told.decision();
    try {
      const whose = isSomebodys ? { actor: personOf(actor) } : {};
      return blaming(hook, () => this.#ask(rule, whose, told, now));
    } catch (failure) {
      if (isSomebodys) throw failure;
      const alone = this.#deed("", actor, now);
      alone.webhook(ROOM_EMPTY, {});
      return { ok: true, effects: alone.effects, failure };
    }
  }

  /** Runs a rule of which nobody hears the answer. */
  #ask(rule: AnyRule, whose: object, deed: Deed, now: number): Decision {
    const tx = new RuleTx(this.#definition.contract);
    const answer = answerOf(rule, { ...whose, ...this.#here(now), tx });
    if (isRefusal(answer)) throw answer;
    const decision = deed.decision(tx.end());
    if (!decision.ok) throw new Error(decision.error.message);
    return decision;
  }

  /** Runs the rule of a timer, if it is still due. */
  #fire(type: string, now: number): Decision {
    const standing = this.#standing;
    if (standing === undefined || !type.startsWith(TIMER)) {
      throw new TypeError(`There is no frame "${type}".`);
    }
    const name = type.slice(TIMER.length);
    const timer = standing.dueTimer(name, now);
    if (timer === undefined) return { ok: true, effects: [] };
    const deed = this.#deed("", SYSTEM, now);
    deed.cancel(name);
    const rule = ruleOf(this.#definition.rules, "timers", name);
    if (rule === undefined) return deed.decision();
    try {
      // Who waits for a timer's answer? It is tried again, as after any other failure.
      return blaming("timers", () => {
        const decision = this.#ask(rule, { data: frozen(timer.data) }, deed, now);
        // What fails the flush itself leaves the timer due: it would wake the room over and over.
        deed.measure();
        return decision;
      });
    } catch (failure) {
      return { ...this.#tryAgain(name, timer, now), failure };
    }
  }

  /** Has a timer whose rule has failed run again later, or gives it up. Of what the rule asked for nothing is done. */
  #tryAgain(name: string, timer: Timer, now: number): Extract<Decision, { readonly ok: true }> {
    const deed = this.#deed("", SYSTEM, now);
    const again = retryOf(timer, now);
    if (again === undefined) deed.giveUp(name, timer, "its rule has failed for a day");
    else deed.putOff(name, again);
    return { ok: true, effects: deed.effects };
  }

  #here(now: number) {
    return { state: this.#standing?.state.value, now };
  }

  #deed(messageId: string, actor: Actor, now: number): Deed {
    this.#decisions += 1;
    return new Deed({
      contract: this.#definition.contract,
      ports: this.#ports,
      standing: this.#standing,
      messageId,
      actor,
      now,
      ordinal: this.#decisions,
    });
  }

  /** What a rule put in the place of what was sent is checked as if it had been sent. */
  #parsedAgain({ type, messageId }: RoomFrame, payload: unknown): unknown {
    this.#parse ??= parserOf(this.#definition, this.#ports.limits);
    const parsed = this.#parse({ type, messageId, payload });
    if (parsed.ok) return parsed.frame.payload;
    throw new TypeError(`before.${type} answered what cannot be sent: ${parsed.error.message}`);
  }
}
