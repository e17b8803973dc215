import * as z from "zod";
import type { Cursor } from "../../protocol/cursor.ts";
import type { Refusal } from "../../protocol/error.ts";
import { writeOffset } from "./offset.ts";
import { encodeAnswer, Told } from "./packet.ts";
import type { Answeree } from "./visit.ts";

/** By what an event without a callback is answered, where it is. */
const ANSWERS: Readonly<Record<string, string>> = {
  join_room: "joined_room",
  subscribe: "subscribed",
  authenticate: "authenticated",
  refresh_token: "token_refreshed",
};

const refusedSchema = z.object({ success: z.literal(false), error: z.looseObject({}) });

/** Where a client is in rooms. */
interface Whereabouts {
  values(): Iterable<{ readonly room: string; readonly cursor: Cursor | undefined }>;
}

/** Says things to one client, in order; nothing before it is let in. */
export class Speaker {
  readonly #sid: string;
  readonly #send: (packet: string) => void;
  /** Where its offset is read off. */
  places: Whereabouts = new Map();
  #held: string[] | undefined = [];
  #heldChars = 0;

  /** @param sid of its socket, which its offsets are marked with. */
  constructor(sid: string, send: (packet: string) => void) {
    this.#sid = sid;
    this.#send = send;
  }

  /** How much waits for the client to be let in. */
  get heldChars(): number {
    return this.#heldChars;
  }

  /** The client is let in: it is told what waited. */
  open(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const packet of held) this.#send(packet);
  }

  /**
   * Tells of an event.
   *
   * @param moves whether its reader stands elsewhere after it.
   */
  emit(told: Told, moves: boolean): void {
    this.#say(told.packet(moves || told.needsOffset ? this.#offset() : undefined));
  }

  /** Tells of something that is about the client's own rooms, and so may have changed which they are. */
  tell(name: string, data: object): void {
    this.emit(new Told(name, [data]), true);
  }

  /** Answers that what an event wanted was done. */
  answer({ event, id }: Answeree, about: object): void {
    if (id !== undefined) {
      this.#say(encodeAnswer(id, { success: true, ...about }));
      return;
    }
    const name = ANSWERS[event];
    if (name !== undefined) this.tell(name, about);
  }

  /** Answers what became of something that was said to a room, in the room's own words. */
  pass(to: Answeree, payload: unknown, room: string | undefined): void {
    const { id, messageId } = to;
    if (id !== undefined) this.#say(encodeAnswer(id, payload));
    if (messageId !== undefined) this.emit(new Told(`ack:${messageId}`, [payload]), false);
    if (id !== undefined || messageId !== undefined) return;
    const refused = refusedSchema.safeParse(payload);
    if (refused.success) this.emit(new Told("error", [{ ...refused.data.error, room }]), false);
  }

  /** Answers why something is not done. */
  refuse(to: Answeree, error: Refusal, room?: string): void {
    this.pass(to, { success: false, error }, room);
  }

  #offset(): string {
    return writeOffset(this.#sid, this.places.values());
  }

  #say(packet: string): void {
    if (this.#held === undefined) {
      this.#send(packet);
      return;
    }
    this.#held.push(packet);
    this.#heldChars += packet.length;
  }
}
