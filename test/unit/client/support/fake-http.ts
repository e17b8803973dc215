import type { HttpBody } from "../../../../src/client/environment.ts";
import type { FakeNetwork, FakeResponse, SentRequest } from "./fake-network.ts";

/** An answer in JSON. */
export function answer(status: number, body?: unknown): FakeResponse {
  return {
    status,
    json: async () => {
      if (body === undefined) throw new Error("no JSON");
      return body;
    },
  };
}

/** The server's refusal, as its HTTP answers carry it. */
export function refusal(status: number, code: string, extra: object = {}): FakeResponse {
  return answer(status, { error: { code, message: `no: ${code}`, retryable: false, ...extra } });
}

interface Waiting {
  resolve(result: { done: boolean; value?: Uint8Array }): void;
  reject(error: Error): void;
}

/** A response that comes in piece by piece, as a test sends it. */
export class FakeStream {
  readonly response: FakeResponse;
  readonly #pieces: Uint8Array[] = [];
  #waiting: Waiting | undefined;
  #isEnded = false;
  isAborted = false;

  constructor(signal: AbortSignal) {
    signal.addEventListener("abort", () => {
      this.isAborted = true;
      this.#waiting?.reject(new Error("aborted"));
      this.#waiting = undefined;
    });
    const body: HttpBody = { getReader: () => ({ read: () => this.#read() }) };
    const headers = { get: (name: string) => (name === "content-type" ? TYPE : null) };
    this.response = { status: 200, headers, body, json: async () => ({}) };
  }

  text(text: string): void {
    this.bytes(new TextEncoder().encode(text));
  }

  bytes(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#serve();
  }

  /** Frames, each as an event. */
  say(...frames: readonly object[]): void {
    for (const frame of frames) {
      const { type } = frame as { type: string };
      this.text(`event: ${type}\ndata: ${JSON.stringify(frame)}\n\n`);
    }
  }

  end(): void {
    this.#isEnded = true;
    this.#serve();
  }

  #read(): Promise<{ done: boolean; value?: Uint8Array }> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#serve();
    });
  }

  #serve(): void {
    const waiting = this.#waiting;
    const piece = waiting === undefined ? undefined : this.#pieces.shift();
    if (waiting === undefined || (piece === undefined && !this.#isEnded)) return;
    this.#waiting = undefined;
    waiting.resolve(piece === undefined ? { done: true } : { done: false, value: piece });
  }
}

const TYPE = "text/event-stream";

/** Answers requests by their path; each held until a test says what comes. */
export class FakeHttp {
  readonly #network: FakeNetwork;
  readonly #routes: (readonly [RegExp, (request: SentRequest) => Promise<FakeResponse>])[] = [];

  constructor(network: FakeNetwork) {
    this.#network = network;
    network.respond = (url, _, request) => {
      const route = this.#routes.find(([path]) => path.test(`${request.method} ${url.pathname}`));
      if (route === undefined) throw new Error(`no network for ${request.method} ${url.pathname}`);
      return route[1](request);
    };
  }

  /** From now on, this is what such requests get. */
  on(path: RegExp, respond: (request: SentRequest) => FakeResponse | Promise<FakeResponse>): void {
    this.#routes.unshift([path, async (request) => respond(request)]);
  }

  /** The requests made so far, but for those that read. */
  get said(): readonly SentRequest[] {
    return this.#network.requests.filter(({ method }) => method !== "GET");
  }
}

/** What never comes, until the request is given up. */
export function never(request: SentRequest): Promise<FakeResponse> {
  return new Promise((_, reject) => {
    request.signal.addEventListener("abort", () => reject(new Error("aborted")));
  });
}
