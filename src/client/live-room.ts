import type { AnyContract, State } from "../contract/contract.ts";
import type { In, Out } from "../contract/schema.ts";
import type { Json } from "../protocol/json.ts";
import type { Deadline } from "./deadline.ts";
import { EnteredRoom } from "./entered-room.ts";
import { RealtimeError } from "./error.ts";
import type {
  Acts,
  Heard,
  LiveEvents,
  LiveRefusal,
  LiveSendOptions,
  PersonHere,
  ReadSeq,
  Sendable,
  Sent,
  You,
} from "./live-types.ts";
import type { OwnEvents, OwnKind } from "./own-kind.ts";
import type { RoomSession } from "./room-session.ts";
import { requireSeqs } from "./seq-check.ts";
import type { EphemeralFrame } from "./uplink.ts";

/**
 * A room of a team's own kind as one user sees it, typed by its contract. What is sent goes out in
 * order, survives reconnects, and is stored once. Made by `client.room(contract, name)`, each a handle
 * of its own; closed for good by {@link leave}, or by a refusal.
 */
export class LiveRoom<C extends AnyContract>
  extends EnteredRoom<OwnKind | undefined, LiveEvents<C>>
  implements Acts<C>
{
  /** The room's name. */
  readonly id: string;

  /** For the client: applications call `client.room(contract, name)`. */
  constructor(id: string, session: RoomSession<OwnKind | undefined, OwnEvents>) {
    // What comes in is what the room's contract says: the server holds to it.
    super(session as unknown as RoomSession<OwnKind | undefined, LiveEvents<C>>);
    this.id = id;
  }

  /**
   * The room's state as of the last that was heard, with what was sent optimistically; `undefined`
   * before the first join. A new value with each change, and never changed itself.
   */
  get state(): State<C> | undefined {
    return this.session.kind?.state as State<C> | undefined;
  }

  /** What this user may do here; `undefined` before the first join. */
  get you(): You<C> | undefined {
    return this.session.kind?.you as You<C> | undefined;
  }

  /** Who is here, as of the last that was heard. */
  get users(): readonly PersonHere<C>[] {
    return this.session.view.users as readonly PersonHere<C>[];
  }

  /** How far each person has read: a `seq` by user id; empty where the contract has no `receipts`. */
  get reads(): Readonly<Record<string, number>> {
    return this.session.view.reads;
  }

  /**
   * How many events came after what this user has read, but for its own that were heard since the first
   * join; all of them where the contract has no `receipts`.
   */
  get unread(): number {
    return this.session.kind?.unread ?? 0;
  }

  /** How many events were sent, by whatever handle of this room, and are not acknowledged yet. */
  get pending(): number {
    return this.session.outbox.pending.length;
  }

  async send<K extends Sendable<C>>(
    type: K,
    data: In<C["events"][K]>,
    options: LiveSendOptions = {},
  ): Promise<Sent> {
    const stored = this.store(String(type), data, options);
    if (options.optimistic === true) {
      this.session.withKind((kind) => kind.guess(String(type), data, stored));
    }
    const { savedId, duplicate } = await stored;
    return { seq: savedId, duplicate };
  }

  signal<K extends keyof C["signals"]>(type: K, payload: In<C["signals"][K]>): boolean {
    // Checked at run time, and by the room.
    const frame = { type, payload } as unknown as EphemeralFrame;
    return !this.isLeft && this.session.uplink.say(frame);
  }

  present(data: In<C["presence"]> | null): void {
    const json: unknown = data;
    // Checked at run time, and by the room.
    if (!this.isLeft) this.session.uplink.show(json as Json);
  }

  read(upTo: ReadSeq<C>): void {
    requireSeqs(upTo);
    if (!this.isLeft) this.session.withKind((kind) => kind.read(upTo));
  }

  async query<K extends keyof C["queries"]>(
    name: K,
    input: In<C["queries"][K]["input"]>,
    deadline: Deadline = {},
  ): Promise<Out<C["queries"][K]["output"]>> {
    if (this.status === "closed") {
      throw RealtimeError.local("disconnected", "The room is closed.");
    }
    const kind = await this.session.load();
    // What is answered is what the contract says: the server holds to it.
    return kind.query(String(name), input, deadline) as Promise<Out<C["queries"][K]["output"]>>;
  }

  /**
   * Listens to one type of event or signal, or to refusals that nothing rejects with, until the
   * function returned is called, or this handle is left.
   */
  override on<K extends keyof LiveEvents<C>>(type: K, hear: (event: Heard<C, K>) => void) {
    // Apart from what every session tells: a team may call an event `status`.
    return super.on(`.${String(type)}` as K, hear as never);
  }

  /** Calls when anything that this handle shows may be another one now. */
  subscribe(changed: () => void): () => void {
    const off = ["status", "pending", ""].map((type) => super.on(type as never, changed as never));
    return () => {
      for (const end of off) end();
    };
  }
}

/**
 * Gives what something of a room rejected with its type, by the contract: its own codes and
 * Hibiki's. `undefined` when it is none of Hibiki's errors.
 */
export function refusal<C extends AnyContract>(
  _contract: C,
  error: unknown,
): LiveRefusal<C> | undefined {
  // A room refuses by its contract's codes, and the SDK's own class does not know those.
  return error instanceof RealtimeError ? (error as unknown as LiveRefusal<C>) : undefined;
}
