import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { ProtocolError } from "../protocol/error.ts";
import { logLine } from "../protocol/log-line.ts";
import { OUR_FAULT } from "../protocol/refusals.ts";
import { configured } from "./configured.ts";
import { crossOrigin } from "./cross-origin.ts";
import type { AppEnv } from "./env.ts";
import { failure } from "./failure.ts";
import { MethodNotAllowed, Methods } from "./methods.ts";
import { rated } from "./rate.ts";
import { countRefusal, sayRefusals } from "./refusal-log.ts";
import { frames } from "./routes/frames.ts";
import { metrics } from "./routes/metrics.ts";
import { notifications } from "./routes/notifications.ts";
import { nothingHere, pages } from "./routes/pages.ts";
import { roomLife } from "./routes/room-life.ts";
import { rooms } from "./routes/rooms.ts";
import { service } from "./routes/service.ts";
import { tokens } from "./routes/tokens.ts";
import { waysIn } from "./routes/ways-in.ts";
import { refuseSocket } from "./transports/refuse-socket.ts";
import { isUpgrade } from "./transports/websocket.ts";

const v1 = new Hono<AppEnv>()
  .use(crossOrigin)
  .use(configured)
  .use(rated)
  .route("/", tokens)
  .route("/", metrics)
  .route("/", frames)
  .route("/rooms", waysIn)
  .route("/rooms", rooms)
  .route("/rooms", roomLife)
  .route("/users", notifications)
  .all("*", (c) => {
    throw methods.refusalOf(c.req.method, c.req.path);
  });

const secure = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    // Covers a WebSocket to the same host as well (CSP 3 §6.7.2.8).
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  crossOriginResourcePolicy: "cross-origin",
  referrerPolicy: "no-referrer",
  // Only this host: what else there is under the domain is not ours to decide.
  strictTransportSecurity: "max-age=15552000",
});

/** The Worker's HTTP side. */
export const app = new Hono<AppEnv>();

app.use(sayRefusals);
app.use(async (c, next) => (isUpgrade(c.req.raw) ? next() : secure(c, next)));
app.route("/", service);
app.route("/v1", v1);
// Pages are left out: they answer GET at any path, whether or not there is one.
const methods = new Methods(app.routes);
app.route("/", pages);
app.notFound(
  async (c) => (await nothingHere(c)) ?? refused(methods.refusalOf(c.req.method, c.req.path)),
);
app.onError((error, c) => {
  const known = error instanceof ProtocolError ? error : internal(error);
  countRefusal(known.code, c.env, c.var.settings);
  return isUpgrade(c.req.raw) ? refuseSocket(c.req.raw, known.refusal, Date.now()) : refused(known);
});

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
