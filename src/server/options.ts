import type { AnyContract } from "../contract/contract.ts";
import type { Game } from "../contract/game.ts";
import type { Kind } from "../contract/kind.ts";
import { UNDEFINED } from "../contract/lost-part.ts";
import { RESERVED_PREFIXES } from "../contract/reserved.ts";
import type { SocketioServer } from "../edge/socketio/socketio-server.ts";
import type { ChatRules } from "./chat-rules.ts";
import type { DocumentRules } from "./document-rules.ts";
import type { GameRoomRules } from "./game-rules.ts";
import type { WebhookOptions } from "./webhooks.ts";

/** What a team makes a deployment of. */
export interface Options {
  /** Its own kinds of room, beside those that every deployment has. */
  readonly kinds?: readonly Kind[];
  /**
   * The name of the binding of static assets that has Hibiki's own pages, the folder `dist/web` of this
   * package: the chat, `/editor`, `/game`, `/dashboard`, `/docs` and `/ops`, at the root of the Worker
   * alone. Without it there are no pages, and the API is all there is.
   */
  readonly pages?: string;
  /** Rules on chat rooms. */
  readonly chat?: ChatRules;
  /** Rules on documents. */
  readonly document?: DocumentRules;
  /**
   * What is played in rooms `game:<x>`: what `game()` made, alone or with a rule on who may be there. Without
   * it that is the arena that comes with Hibiki, and grants of `game:<x>` say who may be in one.
   */
  readonly game?: Game | GameRoomRules;
  /**
   * A server of Socket.IO of the team's own, in place of the default app: what `socketio()` of
   * `hibiki/socket.io` made.
   */
  readonly socketio?: SocketioServer;
  /** Who outside is told of events, once they are stored. */
  readonly webhooks?: readonly WebhookOptions[];
}

/** Whether an option that is there must be set: rules that were not loaded yet would keep nobody out. */
const MUST_BE_SET: Readonly<Record<keyof Options, boolean>> = {
  kinds: true,
  pages: false,
  chat: true,
  document: true,
  game: true,
  socketio: true,
  webhooks: false,
};

/**
 * Holds a deployment's options to what it can be made of, when the Worker starts.
 *
 * @returns its own kinds, by the prefix of their rooms' names.
 * @throws {TypeError} that names what is wrong, and what to do.
 */
export function checkedKinds(options: Options): ReadonlyMap<string, Kind> {
  if (typeof options !== "object" || options === null) fail("it takes an object of options.");
  const stranger = Object.keys(options).find((key) => !Object.hasOwn(MUST_BE_SET, key));
  if (stranger !== undefined) fail(`there is no option "${stranger}".`);
  for (const [name, mustBeSet] of Object.entries(MUST_BE_SET)) {
    const isUnset = name in options && Reflect.get(options, name) === undefined;
    if (mustBeSet && isUnset) fail(`${name} ${UNDEFINED}.`);
  }
  const { kinds = [], pages, socketio } = options;
  if (socketio !== undefined && typeof socketio?.hubClass !== "function") {
    fail("socketio is what socketio() of hibiki/socket.io made.");
  }
  if (pages !== undefined && (typeof pages !== "string" || pages === "")) {
    fail('pages is the name of a binding of static assets, such as "ASSETS".');
  }
  if (!Array.isArray(kinds)) fail("kinds is a list of what kind() made.");
  const byPrefix = new Map<string, Kind>();
  for (const [at, kind] of kinds.entries()) {
    const { prefix } = checkedKind(kind, `kinds[${at}]`);
    if (byPrefix.has(prefix)) fail(`two kinds are of rooms "${prefix}:…".`);
    byPrefix.set(prefix, kind);
  }
  return byPrefix;
}

function checkedKind(kind: unknown, where: string): AnyContract {
  const { contract, rules, prefix }: Partial<Kind & AnyContract> = Object(kind);
  if (typeof prefix === "string") {
    fail(`${where} is a contract, which has no rules: kind(contract, rules) makes a kind of it.`);
  }
  if (typeof contract?.prefix !== "string" || typeof rules !== "object") {
    return fail(`${where} is nothing that kind() made.`);
  }
  const whose = `${where} ("${contract.prefix}")`;
  if (RESERVED_PREFIXES.has(contract.prefix)) {
    fail(`${whose}: this prefix is Hibiki's own; choose another.`);
  }
  if (contract.member !== undefined && rules.authorize === undefined) {
    fail(`${whose}: its contract has a member, and the kind no authorize that says it.`);
  }
  return contract;
}

function fail(problem: string): never {
  throw new TypeError(`hibiki(): ${problem}`);
}
