import { Hono } from "hono";
import { cors } from "hono/cors";
import { createMiddleware } from "hono/factory";
import { secureHeaders } from "hono/secure-headers";
import { ProtocolError } from "../protocol/error.ts";
import { logLine } from "../protocol/log-line.ts";
import { readSettings, type SettingsResult } from "../protocol/settings.ts";
import type { AppEnv, Env } from "./env.ts";
import { failure } from "./failure.ts";
import { notifications } from "./routes/notifications.ts";
import { nothingHere, pages } from "./routes/pages.ts";
import { rooms } from "./routes/rooms.ts";
import { tokens } from "./routes/tokens.ts";
import { waysIn } from "./routes/ways-in.ts";
import { refuseSocket } from "./transports/refuse-socket.ts";
import { isUpgrade } from "./transports/websocket.ts";

/** The version that `/healthz` tells. */
export const VERSION = "0.1.0";

const results = new WeakMap<Env, SettingsResult>();

/** Settings are read once a Worker: the environment does not change under it. */
const configured = createMiddleware<AppEnv>(async (c, next) => {
  let result = results.get(c.env);
  if (result === undefined) {
    result = readSettings(c.env);
    results.set(c.env, result);
  }
  if (!result.ok) throw new ProtocolError("not_configured", result.problem);
  c.set("settings", result.settings);
  return next();
});

const crossOrigin = createMiddleware<AppEnv>((c, next) =>
  cors({
    origin: c.var.settings.allowedOrigins?.slice() ?? "*",
    allowMethods: ["GET", "POST", "PATCH", "DELETE"],
    allowHeaders: [
      "Authorization",
      "Content-Type",
      "Idempotency-Key",
      "If-None-Match",
      "Last-Event-ID",
    ],
    exposeHeaders: ["Retry-After", "ETag"],
    maxAge: 86_400,
  })(c, next),
);

const v1 = new Hono<AppEnv>()
  .use(configured)
  .use(async (c, next) => (isUpgrade(c.req.raw) ? next() : crossOrigin(c, next)))
  .route("/", tokens)
  .route("/rooms", waysIn)
  .route("/rooms", rooms)
  .route("/users", notifications)
  .all("*", () => {
    throw new ProtocolError("not_found", "There is nothing at this path.");
  });

const secure = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", "data:"],
    connectSrc: ["'self'", "ws:", "wss:"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
  },
  crossOriginResourcePolicy: "cross-origin",
  referrerPolicy: "no-referrer",
});

/** The Worker's HTTP side. */
export const app = new Hono<AppEnv>();

app.use(async (c, next) => (isUpgrade(c.req.raw) ? next() : secure(c, next)));
app.get("/healthz", (c) => c.json({ status: "ok", version: VERSION }));
app.route("/v1", v1);
app.route("/", pages);
app.notFound(
  async (c) =>
    (await nothingHere(c)) ??
    failure(new ProtocolError("not_found", "There is nothing at this path.").refusal),
);
app.onError((error, c) => {
  const known = error instanceof ProtocolError ? error : internal(error);
  return isUpgrade(c.req.raw)
    ? refuseSocket(c.req.raw, known.refusal, Date.now())
    : failure(known.refusal);
});

/** What went wrong is for our log; a client learns only that it was us. */
function internal(error: Error): ProtocolError {
  console.error(
    logLine({ event: "error", where: "edge", message: error.message.slice(0, 200) }, Date.now()),
  );
  return new ProtocolError("internal", "Something went wrong on our side. Try again.");
}
