import { env, exports } from "cloudflare:workers";

/** Calls the Worker. `auth` is a token, or the API key when absent; `""` sends none. */
export function call(
  method: string,
  path: string,
  {
    auth = env.API_KEY,
    body,
    headers = {},
  }: {
    auth?: string;
    body?: unknown;
    headers?: Record<string, string>;
  } = {},
): Promise<Response> {
  return exports.default.fetch(
    new Request(`https://edge.test${path}`, {
      method,
      headers: { ...(auth === "" ? {} : { Authorization: `Bearer ${auth}` }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
}
