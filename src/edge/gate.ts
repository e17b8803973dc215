import { hookKey, refusalKey } from "../metrics/kind-key.ts";
import {
  type Admitted,
  type Answer,
  type Authorizer,
  type Authorizers,
  admittedBy,
} from "../protocol/authority.ts";
import { AUTHORITY_BOUNDS } from "../protocol/authority-limits.ts";
import { ProtocolError } from "../protocol/error.ts";
import { type Identity, permissionsIn } from "../protocol/grant.ts";
import { logLine } from "../protocol/log-line.ts";
import { AUTHORIZE_UNAVAILABLE, NOTHING_GRANTED } from "../protocol/refusals.ts";
import type { RoomName } from "../protocol/room-name.ts";
import { AnswersKept } from "./answers-kept.ts";
import { keptRequest, shownRequest } from "./kept-request.ts";

/** A user with a verified token. */
export interface User {
  readonly identity: Identity;
  /** Tells the token from every other one. */
  readonly token: string;
  /** Address that limits count by. */
  readonly address: string;
}

/** What a user may do in a room. */
export type Permitted = Pick<Admitted, "permissions" | "expiresAt"> & Partial<Admitted>;

/** Where somebody is at the gate. */
export interface Arrival {
  readonly request: Request;
  /** The Worker's environment. */
  readonly env: object;
  /** Whether they come in to stay: what was answered before a change must not let anybody stay. */
  readonly staying: boolean;
}

/** What a gate needs of the platform. */
export interface GatePorts {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Waits so many milliseconds for an answer, and throws when it is late. */
  readonly within: <T>(ms: number, answer: Promise<T>) => Promise<T>;
  /** Lets work go on when its request has been given up: others may wait for the same. */
  readonly background: (work: Promise<unknown>) => void;
  /** Counts that a rule has failed, under this key. */
  readonly ruleFailed: (key: string, env: object) => void;
}

/**
 * Who may do what in a room, before the room is asked: anyone could make rooms come to be else. The
 * rule of the room's kind decides alone where there is one, else the token's grants do.
 */
export class Gate {
  readonly #authorizers: Authorizers;
  readonly #ports: GatePorts;
  readonly #kept = new AnswersKept();

  constructor(authorizers: Authorizers, ports: GatePorts) {
    this.#authorizers = authorizers;
    this.#ports = ports;
  }

  /** Whether any kind of the deployment has a rule. */
  get hasRules(): boolean {
    return this.#authorizers.any;
  }

  /**
   * What a user may do in a room.
   *
   * @throws {ProtocolError} what the rule refuses with; `unavailable` or `internal` when it does not
   *   answer; `access_denied` when nothing is granted.
   */
  async permit(room: RoomName, user: User, arrival: Arrival): Promise<Permitted> {
    const { identity } = user;
    const authorizer = this.#authorizers.of(room.name);
    const permitted =
      authorizer === undefined
        ? { permissions: [...permissionsIn(room, identity)], expiresAt: identity.expiresAt }
        : await this.#ask(authorizer, room, user, arrival);
    if (permitted.permissions.length > 0) return permitted;
    throw ProtocolError.of(NOTHING_GRANTED);
  }

  /** Has whoever comes next to a room, or one user of them, be asked about anew: here, in this isolate. */
  forget(room: RoomName, userId: string | undefined): void {
    this.#kept.forget(room.name, userId);
  }

  async #ask(
    authorizer: Authorizer,
    room: RoomName,
    user: User,
    { request, env, staying }: Arrival,
  ): Promise<Admitted> {
    const { userId, name, expiresAt: tokenEndsAt } = user.identity;
    const { clock } = this.#ports;
    const { token, address } = user;
    const whose = { room: room.name, userId, token, address };
    const grants = [...permissionsIn(room, user.identity)];
    const question = async (): Promise<Answer> => {
      const askedAt = clock();
      const asked = { userId, name, room: room.name, grants, request: shownRequest(request), env };
      const verdict = await authorizer.ask(asked);
      if (verdict.kind === "failed") {
        say(room, verdict.reason, askedAt);
        this.#ports.ruleFailed(hookKey(authorizer.kind, "authorize"), env);
      }
      return { askedAt, verdict };
    };
    const now = clock();
    const known = staying ? undefined : this.#kept.find(whose, now);
    const { askedAt, verdict } =
      known ?? (await this.#answer(room, this.#kept.ask(whose, question, now)));
    if (verdict.kind !== "granted") {
      const { error } = verdict;
      throw ProtocolError.of(error, refusalKey(authorizer.kind, error.code));
    }
    return admittedBy(verdict, { askedAt, tokenEndsAt, grants, request: keptRequest(request) });
  }

  /** An answer for which another request may have asked; the platform may end that one without any. */
  async #answer(room: RoomName, asked: Promise<Answer>): Promise<Answer> {
    const { clock, within, background } = this.#ports;
    background(asked);
    try {
      return await within(AUTHORITY_BOUNDS.authorizeMs, asked);
    } catch (error) {
      say(room, String(error), clock());
      throw ProtocolError.of(AUTHORIZE_UNAVAILABLE);
    }
  }
}

function say(room: RoomName, reason: string, now: number): void {
  const message = reason.slice(0, 200);
  console.error(logLine({ event: "error", where: "authorize", room: room.name, message }, now));
}
