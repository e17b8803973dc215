import type { Notice } from "../kinds/inbox/notice.ts";
import type { Refusal } from "../protocol/error.ts";
import type { Actor } from "../room/actor.ts";
import type { Outcome } from "../room/flush/outcome.ts";
import type { RoomApi, RoomResult } from "./room-api.ts";

type Refused = { readonly ok: false; readonly error: Refusal };

/** The desk of a room that cannot be opened: whatever is asked, it says why. */
export class ClosedDesk implements RoomApi {
  readonly #refused: Refused;
  readonly #eraser: Pick<RoomApi, "erase"> | undefined;

  /** @param eraser takes the one request that is done all the same: to erase the room. */
  constructor(error: Refusal, eraser?: Pick<RoomApi, "erase">) {
    this.#refused = { ok: false, error };
    this.#eraser = eraser;
  }

  async submit(): Promise<Refused> {
    return this.#refused;
  }

  async deliver(notices: readonly Notice[]): Promise<readonly Outcome[]> {
    return notices.map(() => this.#refused);
  }

  async history(): Promise<Refused> {
    return this.#refused;
  }

  async notifications(): Promise<Refused> {
    return this.#refused;
  }

  async poll(): Promise<Refused> {
    return this.#refused;
  }

  async state(): Promise<Refused> {
    return this.#refused;
  }

  async snapshot(): Promise<Refused> {
    return this.#refused;
  }

  async query(): Promise<Refused> {
    return this.#refused;
  }

  async stats(): Promise<Refused> {
    return this.#refused;
  }

  async users(): Promise<Refused> {
    return this.#refused;
  }

  async kick(): Promise<Refused> {
    return this.#refused;
  }

  async reauthorize(): Promise<Refused> {
    return this.#refused;
  }

  async unban(): Promise<Refused> {
    return this.#refused;
  }

  async erase(actor: Actor): Promise<RoomResult<null>> {
    return this.#eraser === undefined ? this.#refused : this.#eraser.erase(actor);
  }

  async archive(): Promise<Refused> {
    return this.#refused;
  }

  async restore(): Promise<Refused> {
    return this.#refused;
  }

  async deadLetters(): Promise<Refused> {
    return this.#refused;
  }

  async resend(): Promise<Refused> {
    return this.#refused;
  }

  async forgetLast(): Promise<Refused> {
    return this.#refused;
  }
}
