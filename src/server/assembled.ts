import { waitUntil } from "cloudflare:workers";
import type { Hono } from "hono";
import type { AnyContract, RoomName } from "../contract/contract.ts";
import type { Caller } from "../contract/rules.ts";
import { mountedApp, wholeApp } from "../edge/app.ts";
import { missingBinding } from "../edge/configured.ts";
import type { LoadDescribe } from "../edge/deployment.ts";
import type { AppEnv, Env } from "../edge/env.ts";
import { Gate } from "../edge/gate.ts";
import { countRuleFailure } from "../edge/refusal-log.ts";
import { DEFAULT_APP } from "../edge/socketio/default-app.ts";
import { socketioClass } from "../edge/socketio/socketio-object.ts";
import { chatKind } from "../kinds/chat/kind.ts";
import { documentKind } from "../kinds/document/kind.ts";
import { gameKind } from "../kinds/game/kind.ts";
import { INBOX } from "../kinds/inbox/kind.ts";
import { TOPIC } from "../kinds/topic/kind.ts";
import { within } from "../objects/deadline.ts";
import { documentClass } from "../objects/document-class.ts";
import { MetricsObject } from "../objects/metrics-object.ts";
import { roomClass } from "../objects/room-class.ts";
import { afterRules } from "./after-rules.ts";
import { authorizersOf } from "./authorizers.ts";
import { checkedChat } from "./chat-rules.ts";
import { afterDocuments, checkedDocument } from "./document-rules.ts";
import { checkedGame } from "./game-rules.ts";
import { checkedKinds, type Options } from "./options.ts";
import type { Realtime } from "./realtime.ts";
import { roomCaller } from "./room-caller.ts";
import { checkedWebhooks } from "./webhooks.ts";

/**
 * Makes a deployment; see {@link hibiki}.
 *
 * @param asyncApi what describes its frames.
 * @throws {TypeError} that names what is wrong with the options, and what to do.
 */
export function assembled(options: Options, asyncApi: LoadDescribe): Realtime {
  const kinds = checkedKinds(options);
  const contracts = new Map([...kinds].map(([prefix, { contract }]) => [prefix, contract]));
  const { after = {}, ...rules } = checkedChat(options.chat);
  const chat = chatKind(rules);
  const { after: afterThem = {}, ...documentRules } = checkedDocument(options.document);
  const documents = documentKind(documentRules);
  const { play, ...gameRules } = checkedGame(options.game);
  const games = gameKind(play, gameRules);
  const authorizers = authorizersOf(kinds, [chat, documents, games]);
  const hooks = {
    webhooks: checkedWebhooks(options.webhooks ?? []),
    after: afterRules(kinds, { ...after, ...afterDocuments(afterThem) }),
    authorizers,
  };
  const RoomObject = roomClass([chat, INBOX, TOPIC, documents, games, ...kinds.values()], hooks);
  const DocumentObject = documentClass(hooks);
  const gate = new Gate(authorizers, {
    clock: Date.now,
    within,
    background: waitUntil,
    ruleFailed: (key, env) => countRuleFailure(key, env as Env),
  });
  const { pages, socketio } = options;
  const app = socketio?.app ?? DEFAULT_APP;
  const deployment = { contracts, pages, gate, asyncApi };
  let whole: Hono<AppEnv> | undefined;
  let mounted: Hono<AppEnv> | undefined;
  const realtime = {
    objects: {
      ...{ RoomObject, MetricsObject, DocumentObject },
      SocketioObject: socketio?.hubClass ?? socketioClass(deployment, app.open),
    },
    // Either of them is all that most Workers need.
    get app(): Hono<AppEnv> {
      mounted ??= mountedApp(deployment, app);
      return mounted;
    },
    fetch(request: Request, env: Env, ctx: ExecutionContext): Response | Promise<Response> {
      whole ??= wholeApp(deployment, app);
      return whole.fetch(request, env, ctx);
    },
    room<C extends AnyContract>(env: Env, contract: C, name: RoomName<C>): Caller<C> {
      const { prefix } = contract;
      if (!contracts.has(prefix)) {
        throw new TypeError(`hibiki() was given no kind of the contract "${prefix}".`);
      }
      if (!name.startsWith(`${prefix}:`)) {
        throw new TypeError(`"${name}" is no room of the contract "${prefix}".`);
      }
      const problem = missingBinding(env);
      if (problem !== undefined) throw new TypeError(problem);
      return roomCaller(env, contract, name);
    },
  };
  // Inside, an environment is what we need of it; outside, what a team's wrangler.toml binds.
  return realtime as unknown as Realtime;
}
