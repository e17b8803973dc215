import type { Refusal } from "../protocol/error.ts";
import type { Environment } from "./environment.ts";
import { EventParser } from "./event-parser.ts";
import { refusalIn } from "./http.ts";

/** A stream to read. */
export interface StreamRequest {
  readonly environment: Environment;
  readonly url: string;
  readonly token: string;
  readonly signal: AbortSignal;
  /** The data of the events that one piece of it completes; none for a mere sign of life. */
  readonly heard: (data: readonly string[]) => void;
}

/**
 * Reads Server-Sent Events until they end. Read with `fetch` and not `EventSource`, which cannot send
 * the token as a header, nor tell why it was refused. Resolves with the server's refusal if that came
 * in their place, and rejects when the connection breaks.
 */
export async function readEventStream({
  environment,
  url,
  token,
  signal,
  heard,
}: StreamRequest): Promise<Refusal | undefined> {
  const response = await environment.fetch(url, {
    method: "GET",
    headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
    signal,
  });
  if (response.status !== 200) return refusalIn(await response.json());
  const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
  if (isStream !== true || response.body == null) return undefined;
  const reader = response.body.getReader();
  // The parser takes off the mark at the beginning, and only that one.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const parser = new EventParser();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return undefined;
    heard(parser.push(decoder.decode(value, { stream: true })).map(({ data }) => data));
  }
}
