import { SECRETS } from "../../support/server.ts";

/** Asks a server with the API key, as a team's backend does. */
export function ask(
  url: string,
  method: string,
  body?: object,
  idempotencyKey?: string,
): Promise<Response> {
  return fetch(url, {
    method,
    headers: {
      Authorization: `Bearer ${SECRETS.API_KEY}`,
      ...(idempotencyKey === undefined ? {} : { "Idempotency-Key": idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** What a GET with the API key is answered with. */
export async function askJson<T>(url: string): Promise<T> {
  return (await (await ask(url, "GET")).json()) as T;
}
