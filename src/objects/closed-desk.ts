import type { Refusal } from "../protocol/error.ts";
import type { Notice } from "../room/outbox.ts";
import type { Outcome } from "../room/outcome.ts";
import type { RoomApi } from "./room-api.ts";

type Refused = { readonly ok: false; readonly error: Refusal };

/** The desk of a room that this code cannot open: whatever is asked, it says why. */
export class ClosedDesk implements RoomApi {
  readonly #refused: Refused;

  constructor(error: Refusal) {
    this.#refused = { ok: false, error };
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

  async stats(): Promise<Refused> {
    return this.#refused;
  }

  async users(): Promise<Refused> {
    return this.#refused;
  }

  async kick(): Promise<Refused> {
    return this.#refused;
  }

  async unban(): Promise<Refused> {
    return this.#refused;
  }

  async erase(): Promise<Refused> {
    return this.#refused;
  }

  async archive(): Promise<Refused> {
    return this.#refused;
  }

  async restore(): Promise<Refused> {
    return this.#refused;
  }

  async forgetLast(): Promise<Refused> {
    return this.#refused;
  }
}
