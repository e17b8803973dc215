import realtime from "../../../src/index.ts";

/** The default deployment, to be called with another environment than the Worker's. */
export const app = {
  routes: realtime.app.routes,
  fetch: (request: Request, env: object, context?: ExecutionContext) =>
    realtime.fetch(request, env as Cloudflare.Env, context as ExecutionContext),
};
