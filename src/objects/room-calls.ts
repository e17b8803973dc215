import type { Actor } from "../room/actor.ts";
import type { RoomApi } from "./room-api.ts";

type Calls = {
  readonly [Call in keyof RoomApi]: (...args: Parameters<RoomApi[Call]>) => number | undefined;
};

const ofActor = ({ version }: Actor) => version;

/** What the platform lets others call on a room, and how each call says which release asks. */
const VERSIONS: Calls = {
  submit: ofActor,
  deliver: (_, version) => version,
  history: ofActor,
  notifications: ofActor,
  poll: ofActor,
  state: ofActor,
  snapshot: ofActor,
  query: ofActor,
  stats: ofActor,
  users: ofActor,
  kick: ofActor,
  reauthorize: ofActor,
  unban: ofActor,
  erase: ofActor,
  archive: ofActor,
  restore: ofActor,
  deadLetters: ofActor,
  resend: ofActor,
  forgetLast: ofActor,
};

/**
 * Gives a class all calls of {@link RoomApi} as methods: of an object's, the platform shows methods of
 * its class alone.
 *
 * @param answer answers one call of one object, for a caller of a version.
 */
export function defineCalls<Target extends object>(
  prototype: Target,
  answer: (
    target: Target,
    version: number | undefined,
    call: (desk: RoomApi) => Promise<unknown>,
  ) => Promise<unknown>,
): void {
  for (const name of Object.keys(VERSIONS) as (keyof RoomApi)[]) {
    Object.defineProperty(prototype, name, {
      configurable: true,
      writable: true,
      value(this: Target, ...args: unknown[]): Promise<unknown> {
        // The arguments are of this very call, which types cannot follow through its name.
        const version = Reflect.apply(VERSIONS[name], undefined, args);
        return answer(this, version, (desk) => Reflect.apply(desk[name], desk, args));
      },
    });
  }
}
