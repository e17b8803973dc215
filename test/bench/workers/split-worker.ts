import app, { SocketioObject } from "./index.js";
import { roomsBehind } from "./room-door.ts";

export { SocketioObject };

interface SplitEnv {
  /** The process of the rooms. */
  readonly ROOMS: Fetcher;
}

/** The shipped Worker, whose rooms are in another process. */
export default {
  fetch(request: Request, env: SplitEnv, ctx: ExecutionContext): Response | Promise<Response> {
    // What is counted of the rooms is counted there.
    if (new URL(request.url).pathname === "/bench/counts") return env.ROOMS.fetch(request);
    return app.fetch(request, { ...env, ROOM: roomsBehind(env.ROOMS) }, ctx);
  },
};
