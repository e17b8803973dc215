import type { ServerFrameOf } from "../protocol/server-frame.ts";
import { subjectOf } from "./token-claims.ts";

/** The token of a connection that rooms share: whoever brings a new one renews it for all (P20.6). */
export class SharedToken {
  readonly #transmit: (frame: object) => void;
  #token: string;
  /** The server's answer to the one that was brought last. */
  #accepted: ServerFrameOf<"token_refreshed"> | undefined;
  #isRefused = false;

  /**
   * @param token that the connection was opened with.
   * @param transmit sends a frame to the server.
   */
  constructor(token: string, transmit: (frame: object) => void) {
    this.#token = token;
    this.#transmit = transmit;
  }

  /** Whether somebody with this token can share: rooms are entered as one user. */
  serves(token: string): boolean {
    return !this.#isRefused && subjectOf(token) === subjectOf(this.#token);
  }

  /** Somebody has this token; the server's word on it, if it was brought and accepted before. */
  bring(token: string): ServerFrameOf<"token_refreshed"> | undefined {
    if (token === this.#token) return this.#accepted;
    this.#token = token;
    this.#accepted = undefined;
    this.#transmit({ type: "refresh_token", payload: { token } });
    return undefined;
  }

  /** The server takes the one that was brought last. */
  accepted(frame: ServerFrameOf<"token_refreshed">): void {
    this.#accepted = frame;
  }

  /** The server takes it no more: another connection is needed. */
  refused(): void {
    this.#isRefused = true;
  }
}
