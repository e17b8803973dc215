import { isRecord } from "../../identity/identity.ts";
import { POLL_MS, remember } from "./history.ts";
import { type Reading, readingOf } from "./reading.ts";

/** What asking once came to. */
export type Answer =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "wrong_key" }
  | { readonly kind: "problem"; readonly words: string };

/** What the page knows. Readings stay in view through a problem. */
export type FeedState =
  | { readonly state: "asking" }
  | { readonly state: "wrong_key" }
  | {
      readonly state: "showing";
      readonly readings: readonly Reading[];
      readonly problem?: string;
      readonly paused: boolean;
    };

/** A key that no header can carry is nobody's. */
const HEADER_VALUE = /^[\x21-\x7e]+$/;

/** Asks a server for its metrics, with the API key in the header and nowhere else. */
export async function askServer(key: string, signal: AbortSignal): Promise<Answer> {
  if (!HEADER_VALUE.test(key)) return { kind: "wrong_key" };
  try {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch("/v1/metrics", { headers, signal, cache: "no-store" });
    switch (response.status) {
      case 200:
        return { kind: "text", text: await response.text() };
      case 401:
        return { kind: "wrong_key" };
      case 404:
        return problem("This server gathers no metrics: METRICS is not bound, or turned off.");
      case 503:
        return problem(`This server is not set up yet. ${await messageIn(response)}`);
      default:
        return problem(`The server answered with status ${response.status}. Trying again.`);
    }
  } catch {
    return problem("The server cannot be reached. Trying again.");
  }
}

/** What the server says of its own settings: which of them is missing. */
async function messageIn(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = isRecord(body) ? body["error"] : undefined;
  return isRecord(error) && typeof error["message"] === "string" ? error["message"] : "";
}

/** Asks again and again while it runs, one question at a time. */
export class Feed {
  readonly #ask: (signal: AbortSignal) => Promise<Answer>;
  readonly #clock: () => number;
  readonly #listeners = new Set<() => void>();
  #state: FeedState = { state: "asking" };
  #running: AbortController | undefined;

  constructor(ask: (signal: AbortSignal) => Promise<Answer>, clock: () => number) {
    this.#ask = ask;
    this.#clock = clock;
  }

  get state(): FeedState {
    return this.#state;
  }

  /** Calls back on every change; returns how to stop that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Asks at once, and from then on. */
  start(): void {
    if (this.#running !== undefined || this.#state.state === "wrong_key") return;
    const running = new AbortController();
    this.#running = running;
    if (this.#state.state === "showing") this.#set({ ...this.#state, paused: false });
    void this.#run(running.signal);
  }

  /** Asks no more until {@link start}. */
  pause(): void {
    this.#running?.abort();
    this.#running = undefined;
    if (this.#state.state === "showing") this.#set({ ...this.#state, paused: true });
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const answer = await this.#ask(signal);
      if (signal.aborted) return;
      this.#set(stateAfter(this.#state, answer, this.#clock()));
      if (this.#state.state === "wrong_key") return this.pause();
      await pause(POLL_MS, signal);
    }
  }

  #set(state: FeedState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** What the page knows once an answer is in. */
function stateAfter(before: FeedState, answer: Answer, now: number): FeedState {
  const readings = before.state === "showing" ? before.readings : [];
  switch (answer.kind) {
    case "wrong_key":
      return { state: "wrong_key" };
    case "problem":
      return { state: "showing", paused: false, readings, problem: answer.words };
    case "text":
      try {
        const reading = readingOf(answer.text, now);
        return { state: "showing", paused: false, readings: remember(readings, reading) };
      } catch {
        return stateAfter(before, problem("The server's answer is no metrics."), now);
      }
  }
}

function problem(words: string): Answer {
  return { kind: "problem", words };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
