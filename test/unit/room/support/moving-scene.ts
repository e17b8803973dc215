import * as z from "zod";
import { contract, kind } from "../../../../src/contract/index.ts";
import { BUILT_IN } from "../../../../src/kinds/built-in.ts";
import { KindTable } from "../../../../src/kinds/kind-table.ts";
import { RoomScene, T0 } from "./scene.ts";

const board = kind(contract("board", { presence: z.object({ at: z.number() }) }), {});
const growing = z
  .object({ at: z.number(), chars: z.number().default(0) })
  .transform(({ at, chars }) => ({ at, text: "x".repeat(chars) }));
const wild = kind(contract("wild", { presence: growing }), {});
/** The built-in kinds, a board whose presence is bounded, and one whose presence grows. */
export const MOVING_KINDS = new KindTable([...BUILT_IN, board, wild]);

/** A room in which time goes on, and which is flushed when it wants to be. */
export class MovingScene extends RoomScene {
  now = T0;

  /** Goes on to a time, flush by flush. */
  until(at: number): void {
    while (this.room.hasWork) {
      const dueAt = this.now + this.room.flushDelayMs(this.now);
      if (dueAt > at) break;
      this.now = dueAt;
      this.flush(this.now);
    }
    this.now = at;
  }

  present(id: string, data: unknown, messageId?: string): void {
    this.hear(id, { type: "presence", messageId, payload: { data } }, this.now);
  }

  /** Moves someone's cursor so many times a second, evenly, for so long. */
  move(id: string, perSecond: number, forMs: number): void {
    const from = this.now;
    const moves = Math.round((perSecond * forMs) / 1_000);
    for (let at = 0; at < moves && this.room.connection(id) !== undefined; at++) {
      this.until(from + Math.floor((at * 1_000) / perSecond));
      this.present(id, { at });
    }
    this.until(from + forMs);
  }

  /** What of somebody's moves another was told, in order. */
  seenBy(reader: string, userId = "ada"): readonly number[] {
    return this.sockets
      .payloads(reader, "user_updated")
      .filter((payload) => payload["userId"] === userId)
      .map(({ data }) => (data as { readonly at: number }).at);
  }
}

/** Ada and Ben in a room. */
export function openMoving(name = "general", vars: Record<string, string> = {}): MovingScene {
  const scene = new MovingScene(name, vars, MOVING_KINDS);
  for (const id of ["ada", "ben"]) scene.join(id);
  return scene;
}
