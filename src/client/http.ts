import type { Refusal } from "../protocol/error.ts";
import { deferred } from "./deferred.ts";
import type { Environment, HttpRequest, HttpResponse } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import { field } from "./frame-shape.ts";

/** What to ask of the server, and as whom. */
export interface Question extends Partial<Pick<HttpRequest, "method" | "headers">> {
  readonly url: string;
  readonly token: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** How long the whole answer may take, in milliseconds. */
  readonly withinMs: number;
  /** Gives it up from outside. */
  readonly signal?: AbortSignal;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  /** `undefined` when it is no JSON. */
  readonly body: unknown;
}

/**
 * Asks over HTTP, for a whole answer.
 *
 * @throws {RealtimeError} `unreachable` or `timeout`.
 */
export async function ask(environment: Environment, question: Question): Promise<Answer> {
  const { url, withinMs, signal } = question;
  const late = deferred<never>();
  const abort = new AbortController();
  const giveUp = () => abort.abort();
  if (signal?.aborted === true) giveUp();
  signal?.addEventListener("abort", giveUp);
  const cancel = environment.after(withinMs, () => {
    late.reject(RealtimeError.local("timeout", "The server did not answer in time."));
    giveUp();
  });
  try {
    const request = requestOf(question, abort.signal);
    // The body too may never come to its end.
    return await Promise.race([environment.fetch(url, request).then(taken), late.promise]);
  } catch (error) {
    if (error instanceof RealtimeError) throw error;
    throw RealtimeError.local("unreachable", "The server could not be reached.");
  } finally {
    cancel();
    signal?.removeEventListener("abort", giveUp);
  }
}

function requestOf(
  { method = "GET", headers = {}, token, body }: Question,
  signal: AbortSignal,
): HttpRequest {
  const authorized = { ...headers, authorization: `Bearer ${token}` };
  if (body === undefined) return { method, headers: authorized, signal };
  return {
    method,
    headers: { ...authorized, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal,
  };
}

async function taken(response: HttpResponse): Promise<Answer> {
  const body: unknown = await response.json().catch(() => undefined);
  return { status: response.status, body };
}

/** The server's refusal in an answer's body; `undefined` when it holds none, or is not Hibiki's. */
export function refusalIn(body: unknown): Refusal | undefined {
  const refused = field(body, "error");
  return isRefusal(refused) ? refused : undefined;
}

/** Kinds of a team's own have codes of their own: so the shape alone tells it from a proxy's words. */
function isRefusal(error: unknown): error is Refusal {
  return (
    typeof field(error, "code") === "string" &&
    typeof field(error, "message") === "string" &&
    typeof field(error, "retryable") === "boolean"
  );
}
