import type { MiddlewareHandler } from "hono";
import { ProtocolError } from "../../protocol/error.ts";
import type { AppEnv } from "../env.ts";

/**
 * Hono answers HEAD by GET: nobody would ever read the stream to its end, and a poll would hold a
 * connection for an answer that is thrown away.
 */
export const getOnly: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (c.req.method === "HEAD") {
    throw new ProtocolError("invalid_request", "This path is to be listened to: GET it.");
  }
  await next();
};
