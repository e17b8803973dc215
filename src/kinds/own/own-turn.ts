import { parse } from "../../contract/parse.ts";
import { isRefusal } from "../../contract/refusal.ts";
import type { AnyRule } from "../../contract/rules.ts";
import { isServerOnly } from "../../contract/schema.ts";
import { refusal } from "../../protocol/error.ts";
import type { Json } from "../../protocol/json.ts";
import { refuseWithout } from "../../protocol/permission.ts";
import { type Actor, SYSTEM } from "../../room/actor.ts";
import { type Decision, refused } from "../../room/hooks/decision.ts";
import type { Telling } from "../../room/hooks/effect.ts";
import type { KindPorts, KindTurn } from "../../room/hooks/kind.ts";
import { Deed, type OwnChange } from "./deed.ts";
import type { OwnFrame } from "./own-frame.ts";
import type { OwnDefinition, OwnMemory } from "./own-memory.ts";
import { answerOf, refusalOf } from "./own-refusal.ts";
import { frozen, type OwnState } from "./own-state.ts";
import type { OwnStore, Timer } from "./own-store.ts";
import { OwnTx } from "./own-tx.ts";
import { asJson, ownType } from "./own-type.ts";

/** A type that no client can say: a timer is due. */
export const TIMER = "timer:";
/** A snapshot is a row: no more often than this, in milliseconds. */
export const SNAPSHOT_MS = 1_000;
/** The first and the longest wait before the rule of a timer that failed is run again. */
const RETRY_MS = 1_000;
const RETRY_MAX_MS = 3_600_000;

/** The part in a flush of a room of a team's own kind. Rules run before anything is written. */
export class OwnTurn implements KindTurn<OwnFrame, OwnChange> {
  readonly #definition: OwnDefinition;
  readonly #ports: KindPorts;
  readonly #store: OwnStore;
  readonly #memory: OwnMemory;
  #state: OwnState;
  readonly #timers: Map<string, Timer>;
  #savedAt: number | undefined;

  constructor(definition: OwnDefinition, ports: KindPorts, store: OwnStore, memory: OwnMemory) {
    this.#definition = definition;
    this.#ports = ports;
    this.#store = store;
    this.#memory = memory;
    this.#state = memory.state;
    this.#timers = new Map(memory.timers);
  }

  decide(frame: OwnFrame, actor: Actor, now: number): Decision<OwnChange> {
    if (frame.type.startsWith(TIMER)) return this.#fire(frame.type.slice(TIMER.length), now);
    const own = ownType(this.#definition.contract, frame.type);
    if (own === undefined) throw new TypeError(`There is no frame "${frame.type}".`);
    const denied = refuseWithout([own.of === "events" ? "write" : "publish"], actor);
    if (denied !== undefined && actor.backend !== true) return refused(denied);
    if (isServerOnly(own.schema) && actor.backend !== true) {
      return refused(refusal("access_denied", `No client may send "${frame.type}".`));
    }
    const rule = this.#ruleOf("before", frame.type);
    const tx = new OwnTx(this.#definition.contract);
    const asked = { data: frozen(frame.payload), actor: personOf(actor), ...this.#here(now), tx };
    const answer = rule === undefined ? undefined : answerOf(rule, asked);
    if (isRefusal(answer)) return refused(refusalOf(this.#definition.contract, answer));
    const data =
      answer === undefined || answer === frame.payload
        ? frame.payload
        : this.#parsedAgain(frame.type, answer);
    const deed = this.#deed(frame.messageId ?? frame.type, actor, now);
    if (own.of === "events") deed.append(frame.type, data, frame.messageId);
    else deed.signal(frame.type, data);
    for (const call of tx.end()) deed.carryOut(call);
    return deed.decision(own.of === "events");
  }

  apply(change: OwnChange): readonly Telling[] {
    switch (change.do) {
      case "state":
        this.#state = change.state;
        return [];
      case "timer":
        if (change.timer === undefined) {
          this.#timers.delete(change.name);
          this.#store.removeTimer(change.name);
        } else {
          this.#timers.set(change.name, change.timer);
          this.#store.setTimer(change.name, change.timer);
        }
        return [];
    }
  }

  appended(): void {}

  save(now: number): void {
    const isDue = Math.abs(now - this.#memory.savedAt) >= SNAPSHOT_MS;
    if (this.#state === this.#memory.state || !isDue) return;
    const { version } = this.#definition.contract;
    this.#store.saveSnapshot({ version, seq: this.#state.seq, state: asJson(this.#state.value) });
    this.#savedAt = now;
  }

  settled(): void {
    this.#memory.state = this.#state;
    this.#memory.timers = this.#timers;
    if (this.#savedAt === undefined) return;
    this.#memory.savedAt = this.#savedAt;
    this.#memory.savedSeq = this.#state.seq;
  }

  /** Runs the rule of a timer, if it is still due: it may have been put off or cancelled. */
  #fire(name: string, now: number): Decision<OwnChange> {
    const timer = this.#timers.get(name);
    if (timer === undefined || timer.at > now) return { ok: true, effects: [] };
    const rule = this.#ruleOf("timers", name);
    const deed = this.#deed(`${TIMER}${name}@${timer.at}`, SYSTEM, now);
    deed.change({ do: "timer", name, timer: undefined });
    if (rule === undefined) return deed.decision(false);
    const tx = new OwnTx(this.#definition.contract);
    try {
      const answer = answerOf(rule, { data: frozen(timer.data), ...this.#here(now), tx });
      if (isRefusal(answer)) throw answer;
      for (const call of tx.end()) deed.carryOut(call);
    } catch (failure) {
      const failures = (this.#memory.retries.get(name)?.failures ?? 0) + 1;
      const waitMs = Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MAX_MS);
      this.#memory.retries.set(name, { at: now + waitMs, failures });
      throw failure;
    }
    this.#memory.retries.delete(name);
    return deed.decision(false);
  }

  #here(now: number) {
    return { state: this.#state.value, now };
  }

  #deed(key: string, actor: Actor, now: number): Deed {
    const { contract } = this.#definition;
    const ordinal = this.#memory.deeds++;
    return new Deed({ contract, ports: this.#ports, state: this.#state, key, ordinal, actor, now });
  }

  #ruleOf(part: "before" | "timers", name: string): AnyRule | undefined {
    const rules = this.#definition.rules[part];
    return rules !== undefined && Object.hasOwn(rules, name) ? rules[name] : undefined;
  }

  /** What a rule put in the place of what was sent is checked as if it had been sent. */
  #parsedAgain(type: string, answer: unknown): Json {
    const own = ownType(this.#definition.contract, type);
    if (own === undefined) throw new TypeError(`There is no frame "${type}".`);
    const parsed = parse(own.schema, answer, `before.${type}`);
    if (!parsed.ok) throw new TypeError(parsed.problem);
    return asJson(parsed.value);
  }
}

/** Who acts, as rules see it. */
function personOf({ userId: id, name, backend }: Actor) {
  return Object.freeze(
    backend === true ? { system: true, id, name } : { system: false, id, name, member: undefined },
  );
}
