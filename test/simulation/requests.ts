import { BOUNDS } from "../../src/protocol/limits.ts";
import type { Actor } from "../../src/room/actor.ts";
import type { Outcome } from "../../src/room/flush/outcome.ts";
import type { Order } from "./books.ts";
import { BrokenPromise } from "./broken-promise.ts";
import type { Stage } from "./stage.ts";

/** Refusals that say nothing of the request itself. */
const LATER = ["rate_limited", "internal"];

/** How long a request may be on its way to the disk, in milliseconds. */
const SETTLING_MS = 60_000;

/** What comes by request: new messages, sent until they are answered, and old ones once more. */
export class Requests {
  readonly #world: Stage;
  readonly #fail: (error: unknown) => void;
  #steadySince: number;
  #answered = 0;
  #made = 0;

  constructor(world: Stage, fail: (error: unknown) => void) {
    this.#world = world;
    this.#fail = fail;
    const { clock, wall } = world.server;
    this.#steadySince = clock.now();
    wall.onSet(() => {
      this.#steadySince = clock.now();
    });
  }

  /** Requests that were answered. */
  get answered(): number {
    return this.#answered;
  }

  /** Makes one. */
  make(): void {
    const { dice, books } = this.#world;
    const old = dice.chance(0.7) ? dice.pick(books.orders.slice(-400)) : undefined;
    const made = old === undefined ? this.#post() : this.#repeat(old);
    made.catch(this.#fail);
  }

  /** Under the same messageId until there is an answer. */
  async #post(): Promise<void> {
    const { dice, people, rooms, books, server, ledger } = this.#bound();
    const userId = dice.pick(people)?.userId;
    const room = dice.pick(rooms);
    if (userId === undefined || room === undefined) return;
    this.#made += 1;
    const messageId = `post~${this.#made}`;
    const epoch = ledger(room).current?.epoch;
    const sentAt = ledger(room).current?.head ?? 0;
    const frame = {
      type: "send_message",
      messageId,
      sentAt,
      payload: { content: messageId },
    } as const;
    const order = books.open(room, userId, frame);
    for (;;) {
      const outcome = await this.#ask(order, frame);
      // A room that began anew, for the first time too, may have had it in its other life.
      if (ledger(room).current?.epoch !== epoch) {
        books.forgotten(order);
        return;
      }
      if (outcome?.ok === true) {
        this.#answered += 1;
        books.acked(order, { savedId: outcome.saved?.savedId ?? 0 }, epoch ?? "");
        return;
      }
      await new Promise<void>((resolve) => server.clock.after(dice.wait(3_000), resolve));
    }
  }

  /** What was stored is stored once, however late it comes again. */
  async #repeat(order: Order): Promise<void> {
    const { dice, books, ledger, server } = this.#bound();
    const { room, fate, frame, userId } = order;
    const life = ledger(room).current;
    if (fate.state !== "acked" || frame.type !== "send_message" || life?.epoch !== fate.epoch)
      return;
    const { savedId } = fate;
    const storedAt = life.at(savedId)?.at ?? 0;
    const isSteady = this.#steadySince < storedAt - SETTLING_MS;
    const age = server.clock.now() - storedAt;
    const isRecent = isSteady && age < BOUNDS.dedupeWindowMs - SETTLING_MS;
    const sentAt = isRecent && dice.chance(0.5) ? undefined : dice.whole(0, savedId - 1);
    const isOther = dice.chance(0.2);
    const payload = isOther ? { ...frame.payload, content: "something else" } : frame.payload;
    if (isOther) books.reword(order.messageId, life.epoch, payload.content);
    const outcome = await this.#ask(order, { ...frame, sentAt, payload });
    if (outcome === undefined || ledger(room).current?.epoch !== life.epoch) return;
    if (!outcome.ok && LATER.includes(outcome.error.code)) return;
    this.#answered += 1;
    const said = outcome.ok ? JSON.stringify(outcome.saved) : outcome.error.code;
    const wanted = isOther ? "conflict" : JSON.stringify({ savedId, duplicate: true });
    if (said === wanted) return;
    throw new BrokenPromise(
      2,
      `${frame.messageId} of ${userId}, which is ${savedId} in ${room}, was answered ${said} when it came again with ${sentAt}`,
    );
  }

  /** `undefined` when the object dies on the way. */
  async #ask(order: Order, frame: Order["frame"]): Promise<Outcome | undefined> {
    const { userId } = order;
    const actor: Actor = { userId, name: userId, permissions: ["read", "write"] };
    try {
      return await this.#world.server.room(order.room).submit(actor, frame);
    } catch {
      return undefined;
    }
  }

  #bound() {
    const { dice, people, rooms, books, server } = this.#world;
    return {
      dice,
      people,
      rooms,
      books,
      server,
      ledger: (room: string) => this.#world.ledger(room),
    };
  }
}
