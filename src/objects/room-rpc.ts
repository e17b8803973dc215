import { DurableObject } from "cloudflare:workers";
import type { InboxQuery } from "../kinds/inbox/inbox-store.ts";
import type { Cursor } from "../protocol/cursor.ts";
import type { Imported, Kicked, RoomStats } from "../protocol/http-answer.ts";
import type { User } from "../protocol/message.ts";
import type { Actor } from "../room/actor.ts";
import type { PageQuery } from "../room/log.ts";
import type { Notice } from "../room/outbox.ts";
import type { Outcome } from "../room/outcome.ts";
import type { HttpFrame, RoomApi, RoomResult } from "./room-api.ts";

/** What the platform lets others call on a room: methods of the class, each a call at its desk. */
export abstract class RoomRpc<Env> extends DurableObject<Env> implements RoomApi {
  /**
   * The desk, for a caller that says which version it speaks. A property, so that the platform does
   * not show it to callers.
   */
  protected abstract readonly deskFor: (version: number | undefined) => RoomApi;

  submit(actor: Actor, frame: HttpFrame): Promise<Outcome> {
    return this.deskFor(actor.version).submit(actor, frame);
  }

  deliver(notices: readonly Notice[], version?: number): Promise<readonly Outcome[]> {
    return this.deskFor(version).deliver(notices);
  }

  history(actor: Actor, query: PageQuery): Promise<RoomResult<string>> {
    return this.deskFor(actor.version).history(actor, query);
  }

  poll(actor: Actor, cursor: Cursor | undefined): Promise<RoomResult<string>> {
    return this.deskFor(actor.version).poll(actor, cursor);
  }

  notifications(actor: Actor, query: InboxQuery): Promise<RoomResult<string>> {
    return this.deskFor(actor.version).notifications(actor, query);
  }

  stats(actor: Actor): Promise<RoomResult<RoomStats>> {
    return this.deskFor(actor.version).stats(actor);
  }

  users(actor: Actor): Promise<RoomResult<readonly User[]>> {
    return this.deskFor(actor.version).users(actor);
  }

  kick(actor: Actor, userId: string, banSeconds: number): Promise<RoomResult<Kicked>> {
    return this.deskFor(actor.version).kick(actor, userId, banSeconds);
  }

  unban(actor: Actor, userId: string): Promise<RoomResult<null>> {
    return this.deskFor(actor.version).unban(actor, userId);
  }

  erase(actor: Actor): Promise<RoomResult<null>> {
    return this.deskFor(actor.version).erase(actor);
  }

  archive(actor: Actor): Promise<RoomResult<ReadableStream<Uint8Array>>> {
    return this.deskFor(actor.version).archive(actor);
  }

  restore(actor: Actor, lines: ReadableStream<Uint8Array>): Promise<RoomResult<Imported>> {
    return this.deskFor(actor.version).restore(actor, lines);
  }

  forgetLast(actor: Actor, event: string): Promise<RoomResult<null>> {
    return this.deskFor(actor.version).forgetLast(actor, event);
  }
}
