import type { AnyContract, RoomName } from "../contract/contract.ts";
import type { Caller } from "../contract/rules.ts";
import { thrownOf } from "../kinds/running/rule-refusal.ts";
import { refusal } from "../protocol/error.ts";
import { PERMISSIONS } from "../protocol/grant.ts";
import type { Json } from "../protocol/json.ts";
import { DEFAULT_LIMITS } from "../protocol/settings.ts";
import { type Actor, SYSTEM } from "../room/actor.ts";
import type { RoomKind } from "../room/hooks/kind.ts";
import type { TestRoom } from "./test-room.ts";

/** Who acts when code of the Worker does. */
const WORKER: Actor = { ...SYSTEM, permissions: PERMISSIONS };

/** A room as code of the Worker calls it. Whatever is refused is thrown, as a `Refusal` with its code. */
export function systemCaller<C extends AnyContract>(
  name: RoomName<C>,
  kind: RoomKind,
  room: () => TestRoom,
): Caller<C> {
  const parse = kind.parser(DEFAULT_LIMITS);
  return {
    name,
    async send(event, data, { key }) {
      const checked = parse({ type: String(event), messageId: key, payload: data });
      if (!checked.ok) throw thrownOf(checked.error);
      if (checked.frame.messageId === undefined) {
        throw thrownOf(refusal("not_found", `"${String(event)}" is no event of this room.`));
      }
      const outcome = await room().submit(WORKER, checked.frame);
      if (!outcome.ok) throw thrownOf(outcome.error);
      const { savedId = 0, duplicate = false } = outcome.saved ?? {};
      return { seq: savedId, duplicate };
    },
    async query(query, input) {
      const question = { name: String(query), input: input as Json | undefined };
      const answer = await room().read((life, now) =>
        life.room.special.query(question, WORKER, now),
      );
      if (answer === undefined) throw thrownOf(refusal("not_found", "This room answers nothing."));
      if (!answer.ok) throw thrownOf(answer.error);
      return JSON.parse(answer.output);
    },
    state: () => room().read((life) => stateIn(life.room.special.poll())),
  };
}

/** The state among what a room tells of itself beside its events. */
export function stateIn<State>(told: object): State {
  // A contract says of which type it is.
  return ("state" in told ? told.state : undefined) as State;
}
