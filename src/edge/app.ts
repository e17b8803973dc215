import type { Context } from "hono";
import { TrieRouter } from "hono/router/trie-router";
import { Hono } from "hono/tiny";
import { ProtocolError } from "../protocol/error.ts";
import { logLine } from "../protocol/log-line.ts";
import { OUR_FAULT } from "../protocol/refusals.ts";
import { based, ownPath } from "./base.ts";
import { configured } from "./configured.ts";
import { crossOrigin } from "./cross-origin.ts";
import type { Deployment } from "./deployment.ts";
import type { AppEnv } from "./env.ts";
import { failure } from "./failure.ts";
import { MethodNotAllowed, Methods } from "./methods.ts";
import { rated } from "./rate.ts";
import { countRefusal, sayRefusals } from "./refusal-log.ts";
import { deadLetters } from "./routes/dead-letters.ts";
import { documentDeadLetters } from "./routes/document-dead-letters.ts";
import { documentVersions } from "./routes/document-versions.ts";
import { documents } from "./routes/documents.ts";
import { frames } from "./routes/frames.ts";
import { manyRooms } from "./routes/many-rooms.ts";
import { metrics } from "./routes/metrics.ts";
import { notifications } from "./routes/notifications.ts";
import { ownRooms } from "./routes/own-rooms.ts";
import { pages } from "./routes/pages.ts";
import { reauthorization } from "./routes/reauthorization.ts";
import { roomLife } from "./routes/room-life.ts";
import { rooms } from "./routes/rooms.ts";
import { SERVICE_PATHS, service } from "./routes/service.ts";
import { socketio } from "./routes/socketio.ts";
import { tokens } from "./routes/tokens.ts";
import { waysIn } from "./routes/ways-in.ts";
import { secured } from "./secured.ts";
import type { SocketioApp } from "./socketio/default-app.ts";
import { refuseEditor } from "./transports/refuse-editor.ts";
import { refuseSocket } from "./transports/refuse-socket.ts";
import { isUpgrade } from "./transports/websocket.ts";

/** The paths of the API. A team's own application may have any other. */
const OWN_PATHS = ["/v1/*", "/socket.io/*", ...SERVICE_PATHS];

/**
 * The API of a deployment, to be mounted in an application of a team's own: it answers, and adds to
 * the answers of, its own paths alone.
 *
 * @param socketioApp the app that clients of Socket.IO speak to.
 */
export function mountedApp(deployment: Deployment, socketioApp: SocketioApp): Hono<AppEnv> {
  return ownRoutes(deployment, socketioApp).app.onError(answerError);
}

/**
 * A deployment as the whole Worker: the API, the pages, and that there is nothing else.
 *
 * @param socketioApp the app that clients of Socket.IO speak to.
 */
export function wholeApp(deployment: Deployment, socketioApp: SocketioApp): Hono<AppEnv> {
  const { app, refusalOf } = ownRoutes(deployment, socketioApp);
  app.use(sayRefusals, secured);
  app.route("/", pages(deployment.pages, refusalOf));
  return app.onError(answerError);
}

function ownRoutes(deployment: Deployment, socketioApp: SocketioApp) {
  // The one router that is asked; the presets' larger ones are twice its size.
  const app = new Hono<AppEnv>({ router: new TrieRouter() });
  for (const path of OWN_PATHS) app.use(path, based, sayRefusals, secured);
  app.route("/", service(deployment));
  app.route("/v1", api(deployment));
  app.use("/socket.io/*", crossOrigin, configured, rated);
  app.route("/", socketio(deployment, socketioApp));
  const methods = new Methods(app.routes);
  const refusalOf = (c: Context<AppEnv>) => methods.refusalOf(c.req.method, ownPath(c));
  for (const path of OWN_PATHS) {
    app.all(path, (c) => {
      throw refusalOf(c);
    });
  }
  return { app, refusalOf };
}

function api(deployment: Deployment): Hono<AppEnv> {
  const v1 = new Hono<AppEnv>()
    .use(crossOrigin)
    .use(configured)
    .use(rated)
    .use(async (c, next) => {
      c.set("gate", deployment.gate);
      await next();
    })
    .route("/", tokens)
    .route("/", metrics)
    .route("/", frames)
    .route("/", manyRooms(deployment))
    .route("/rooms", waysIn(deployment))
    .route("/rooms", rooms)
    .route("/rooms", roomLife)
    .route("/rooms", deadLetters)
    .route("/users", notifications)
    .route("/documents", documents)
    .route("/documents", documentVersions)
    .route("/documents", documentDeadLetters);
  if (deployment.gate.hasRules) v1.route("/rooms", reauthorization);
  if (deployment.contracts.size > 0) v1.route("/rooms", ownRooms(deployment));
  return v1;
}

function answerError(error: Error, c: Context<AppEnv>): Response {
  const known = error instanceof ProtocolError ? error : internal(error);
  countRefusal(known.countedAs, c.env, c.var.settings);
  // A client of Socket.IO takes what it is told over a WebSocket for a packet.
  if (!isUpgrade(c.req.raw) || ownPath(c).startsWith("/socket.io")) return refused(known);
  // The stock client of documents breaks on any text.
  return ownPath(c).startsWith("/v1/documents/")
    ? refuseEditor(c.req.raw, known.refusal)
    : refuseSocket(c.req.raw, known.refusal, Date.now());
}

function refused(error: ProtocolError): Response {
  const response = failure(error.refusal);
  if (error instanceof MethodNotAllowed) response.headers.set("Allow", error.allow);
  return response;
}

/** What went wrong is for our log; a client learns only that it was us. */
function internal(error: Error): ProtocolError {
  console.error(
    logLine({ event: "error", where: "edge", message: error.message.slice(0, 200) }, Date.now()),
  );
  return ProtocolError.of(OUR_FAULT);
}
