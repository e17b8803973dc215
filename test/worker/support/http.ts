import { env, exports } from "cloudflare:workers";

/**
 * Calls the Worker. `auth` is a token, or the API key when absent; `""` sends none. The body is what
 * `body` is in JSON, or the text that `raw` is, or `bytes`.
 */
export function call(
  method: string,
  path: string,
  {
    auth = env.API_KEY,
    body,
    raw = body === undefined ? undefined : JSON.stringify(body),
    bytes,
    headers = {},
  }: {
    auth?: string;
    body?: unknown;
    raw?: string;
    bytes?: Uint8Array;
    headers?: Record<string, string>;
  } = {},
): Promise<Response> {
  return exports.default.fetch(
    new Request(`https://edge.test${path}`, {
      method,
      headers: { ...(auth === "" ? {} : { Authorization: `Bearer ${auth}` }), ...headers },
      ...(raw === undefined ? {} : { body: raw }),
      ...(bytes === undefined ? {} : { body: bytes }),
    }),
  );
}
