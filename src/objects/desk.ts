import type { InboxQuery } from "../kinds/inbox/inbox-store.ts";
import type { Notice } from "../kinds/inbox/notice.ts";
import type { Cursor } from "../protocol/cursor.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { CLIENT_FRAMES } from "../protocol/frames.ts";
import type { Permission } from "../protocol/grant.ts";
import type {
  Asked,
  DeadLetterPage,
  Imported,
  Kicked,
  Resent,
  RoomStats,
} from "../protocol/http-answer.ts";
import { DEPLOYMENT_UNDER_WAY } from "../protocol/inner-version.ts";
import { iso } from "../protocol/iso.ts";
import type { Json } from "../protocol/json.ts";
import type { PresentUser } from "../protocol/message.ts";
import { refuseWithout } from "../protocol/permission.ts";
import { encodePollPage } from "../protocol/poll-page.ts";
import { BACKEND_ONLY, REQUEST_FAILED } from "../protocol/refusals.ts";
import { type Actor, auditName, SYSTEM } from "../room/actor.ts";
import { statsOf } from "../room/counting/stats.ts";
import type { Outcome } from "../room/flush/outcome.ts";
import type { CheckedFrame, FrameParser, RoomFrame } from "../room/frame.ts";
import type { PageQuery } from "../room/log/log.ts";
import { polledPage } from "../room/outlet/polled-page.ts";
import { banOf } from "../room/store/bans.ts";
import type { DeadLetterQuery } from "../room/store/dead-letters.ts";
import { byteStream } from "./byte-stream.ts";
import { deadLetterPage, resendDeadLetters } from "./dead-letters.ts";
import type { DeskParts } from "./desk-parts.ts";
import type { HttpFrame, OwnEvent, OwnSignal, RoomApi, RoomResult } from "./room-api.ts";

/** The room's side of everything that comes by request and not by socket; each call is a turn. */
export class Desk implements RoomApi {
  readonly #parts: DeskParts;
  /** Made once it is needed. */
  #parse: FrameParser | undefined;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  async submit(actor: Actor, frame: HttpFrame | OwnEvent | OwnSignal): Promise<Outcome> {
    const now = Date.now();
    const bytes = JSON.stringify(frame).length;
    const error = this.#unfit(frame) ?? this.#turnsAway(actor, now, bytes);
    if (error !== undefined) return this.#refuse(error);
    const checked = this.#checked(frame);
    return checked.ok ? this.#queue(actor, checked.frame, bytes, now) : this.#refuse(checked.error);
  }

  async deliver(notices: readonly Notice[]): Promise<readonly Outcome[]> {
    const now = Date.now();
    return Promise.all(
      notices.map(({ key, source, content }) => {
        const frame = { type: "notify", messageId: key, payload: content, source } as const;
        return this.#queue(SYSTEM, frame, JSON.stringify(frame).length, now);
      }),
    );
  }

  async history(actor: Actor, query: PageQuery): Promise<RoomResult<string>> {
    return this.#page(actor, "messages", query);
  }

  async poll(actor: Actor, cursor: Cursor | undefined): Promise<RoomResult<string>> {
    const { room, store, limits } = this.#parts;
    const page = () => polledPage(store.log, room.special, cursor, limits.resumeEvents);
    return this.#allow(actor, "read", () => encodePollPage(page()));
  }

  async state(actor: Actor): Promise<RoomResult<string>> {
    return this.#read(actor, "state", () => {
      const page = this.#parts.room.special.poll();
      const hasState = "state" in page && page.state !== undefined;
      return hasState ? `{${this.#cursor({ state: page.state })}` : undefined;
    });
  }

  async snapshot(actor: Actor): Promise<RoomResult<string>> {
    return this.#read(actor, "snapshot", () => {
      const whole = this.#parts.room.special.whole();
      return whole === undefined ? undefined : `{${whole},${this.#cursor({})}`;
    });
  }

  async query(actor: Actor, name: string, input: Json | undefined): Promise<RoomResult<string>> {
    const told = this.#allow(actor, "read", (now) =>
      this.#parts.room.special.query({ name, input }, actor, now),
    );
    if (!told.ok) return told;
    if (told.value === undefined) return this.#hasNo("queries");
    if (!told.value.ok) return this.#refuse(told.value.error);
    return { ok: true, value: `{"success":true,"output":${told.value.output}}` };
  }

  async notifications(actor: Actor, query: InboxQuery): Promise<RoomResult<string>> {
    return this.#page(actor, "notifications", query);
  }

  async stats(actor: Actor): Promise<RoomResult<RoomStats>> {
    const { room, store, numbers, storedBytes } = this.#parts;
    return this.#allow(actor, "moderate", () => statsOf(room, store.log, numbers(), storedBytes()));
  }

  async users(actor: Actor): Promise<RoomResult<readonly PresentUser[]>> {
    return this.#allow(actor, "read", () => this.#parts.room.shownUsers);
  }

  async kick(actor: Actor, userId: string, banSeconds: number): Promise<RoomResult<Kicked>> {
    return this.#allow(actor, "moderate", (now) => {
      const disconnected = this.#parts.room.kick(userId, banSeconds * 1000, now);
      const by = auditName(actor);
      if (banSeconds === 0) {
        this.#parts.audited({ action: "kick", by, target: userId });
        return { disconnected };
      }
      const bannedUntil = iso(now + banSeconds * 1000);
      this.#parts.audited({ action: "ban", by, target: userId, until: bannedUntil });
      return { disconnected, bannedUntil };
    });
  }

  async reauthorize(actor: Actor, userId: string | undefined): Promise<RoomResult<Asked>> {
    if (actor.backend !== true) return this.#refuse(BACKEND_ONLY);
    const { kind, room, audited, nudged } = this.#parts;
    if (!kind.authorizes) return this.#hasNo("rule on who may be in it");
    const now = Date.now();
    const asked = room.authorities.nudge(userId, now);
    const target = userId === undefined ? {} : { target: userId };
    audited({ action: "reauthorize", by: auditName(actor), ...target });
    nudged(now, userId);
    return { ok: true, value: { asked } };
  }

  async unban(actor: Actor, userId: string): Promise<RoomResult<null>> {
    return this.#allow(actor, "moderate", () => {
      this.#parts.store.bans.unban(userId);
      this.#parts.audited({ action: "unban", by: auditName(actor), target: userId });
      return null;
    });
  }

  async erase(actor: Actor): Promise<RoomResult<null>> {
    if (actor.backend !== true) return this.#refuse(BACKEND_ONLY);
    await this.#parts.erase();
    this.#parts.audited({ action: "delete_room", by: auditName(actor) });
    return { ok: true, value: null };
  }

  async archive(actor: Actor): Promise<RoomResult<ReadableStream<Uint8Array>>> {
    if (actor.backend !== true) return this.#refuse(BACKEND_ONLY);
    const { kind, store, audited } = this.#parts;
    audited({ action: "export_room", by: auditName(actor) });
    return { ok: true, value: byteStream(store.archive.portions(kind)) };
  }

  async restore(actor: Actor, lines: ReadableStream<Uint8Array>): Promise<RoomResult<Imported>> {
    if (actor.backend !== true) return this.#refuse(BACKEND_ONLY);
    const restored = await this.#parts.restore(lines);
    if (!restored.ok) return this.#refuse(restored.error);
    this.#parts.audited({ action: "import_room", by: auditName(actor) });
    return restored;
  }

  async deadLetters(actor: Actor, query: DeadLetterQuery): Promise<RoomResult<DeadLetterPage>> {
    if (actor.backend !== true) return this.#refuse(BACKEND_ONLY);
    return this.#allow(actor, "read", () => deadLetterPage(this.#parts.store, query));
  }

  async resend(actor: Actor, id: number | undefined): Promise<RoomResult<Resent>> {
    if (actor.backend !== true) return this.#refuse(BACKEND_ONLY);
    const done = this.#allow(actor, "read", (now) => resendDeadLetters(this.#parts, id, now));
    if (!done.ok) return done;
    if (!done.value.ok) return this.#refuse(done.value.error);
    const target = id === undefined ? "all" : String(id);
    this.#parts.audited({ action: "resend_dead_letters", by: auditName(actor), target });
    return done.value;
  }

  async forgetLast(actor: Actor, event: string): Promise<RoomResult<null>> {
    const { lastValues } = this.#parts.room.special;
    if (lastValues === undefined) return this.#hasNo("last values");
    // Whoever watches is not told: what they were shown stays true of its time.
    const forgotten = this.#allow(actor, "moderate", () => lastValues.forget(event));
    if (!forgotten.ok) return forgotten;
    if (!forgotten.value) {
      return this.#refuse(refusal("not_found", "This topic keeps no value of that event."));
    }
    this.#parts.audited({ action: "delete_last_value", by: auditName(actor), target: event });
    return { ok: true, value: null };
  }

  /** A page of what the room's kind has under a name. */
  #page(actor: Actor, name: string, query: unknown): RoomResult<string> {
    return this.#read(actor, name, () => {
      const page = this.#parts.room.special.page(name, query);
      if (page === undefined) return undefined;
      return `{"${name}":[${page.entries.join(",")}],${this.#cursor(page.fields)}`;
    });
  }

  /**
   * The Worker has checked what is in the protocol's own table of frames. Everything else is a team's
   * own: only its room has its contract for sure.
   */
  #checked(frame: HttpFrame | OwnEvent | OwnSignal): CheckedFrame {
    if (Object.hasOwn(CLIENT_FRAMES, frame.type)) return { ok: true, frame };
    try {
      const { kind, limits } = this.#parts;
      this.#parse ??= kind.parser(limits);
      const checked = this.#parse(frame);
      if (checked.ok || checked.error.code !== "invalid_frame") return checked;
      return { ok: false, error: refusal("invalid_request", checked.error.message) };
    } catch (failure) {
      this.#parts.room.failed(failure);
      return { ok: false, error: REQUEST_FAILED };
    }
  }

  #queue(actor: Actor, frame: RoomFrame, bytes: number, now: number): Promise<Outcome> {
    const { room } = this.#parts;
    return new Promise((answer) => room.submit({ frame, actor, at: now, bytes, answer }));
  }

  #allow<T>(actor: Actor, permission: Permission, answer: (now: number) => T): RoomResult<T> {
    const now = Date.now();
    const error = refuseWithout([permission], actor) ?? this.#turnsAway(actor, now);
    if (error !== undefined) return this.#refuse(error);
    try {
      return { ok: true, value: answer(now) };
    } catch (failure) {
      // The owner is told with the next flush; nobody else is harmed.
      this.#parts.room.failed(failure);
      return this.#refuse(REQUEST_FAILED);
    }
  }

  #turnsAway({ backend, userId, authorized }: Actor, now: number, bytes = 0): Refusal | undefined {
    if (backend === true) return undefined;
    // The Worker that asks is of a deployment whose kind had no such rule.
    if (this.#parts.kind.authorizes && authorized !== true) return DEPLOYMENT_UNDER_WAY;
    return (
      banOf(this.#parts.store.bans, userId, now) ??
      this.#parts.room.requests.refuses(userId, now, bytes)
    );
  }

  #unfit({ type }: RoomFrame): Refusal | undefined {
    const { kind } = this.#parts;
    return kind.takes(type)
      ? undefined
      : refusal("not_found", `A room of kind "${kind.name}" takes no "${type}".`);
  }

  /** What some kinds have for whoever may read, as JSON text. */
  #read(actor: Actor, what: string, text: () => string | undefined): RoomResult<string> {
    const told = this.#allow(actor, "read", text);
    if (!told.ok) return told;
    return told.value === undefined ? this.#hasNo(what) : { ok: true, value: told.value };
  }

  #hasNo(what: string): RoomResult<never> {
    const message = `A room of kind "${this.#parts.kind.name}" has no ${what}.`;
    return this.#refuse(refusal("not_found", message));
  }

  #refuse(error: Refusal): { readonly ok: false; readonly error: Refusal } {
    this.#parts.room.counters.refused(error.code);
    return { ok: false, error };
  }

  /** The end of a page's JSON text. */
  #cursor(fields: object): string {
    const { epoch, head } = this.#parts.store.log;
    const seq = this.#parts.room.special.placeOf(head);
    return JSON.stringify({ ...fields, epoch, seq }).slice(1);
  }
}
