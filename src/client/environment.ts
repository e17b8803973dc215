import { uuid } from "./uuid.ts";

/** Takes back what was scheduled or subscribed; harmless when it is too late. */
export type Cancel = () => void;

/** What a socket tells. */
export interface SocketEvents {
  /** What is sent from now on goes out: documents wait for it, for there the client speaks first. */
  open?(): void;
  /** Text as a string, binary as an `ArrayBuffer`. */
  message(data: unknown): void;
  /** The connection is over, or never came to be; 1006 when nobody said why (RFC 6455 §7.1.5). */
  close(code: number): void;
}

/** The little that the SDK needs of a WebSocket. */
export interface Socket {
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code: number, reason: string): void;
}

/** The little that the SDK asks of an HTTP request. */
export interface HttpRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

/** The little that the SDK needs of an HTTP response. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** As it comes in; `null` where the platform gives only whole answers. */
  readonly body: HttpBody | null;
  json(): Promise<unknown>;
}

/** The little that the SDK needs of a response's stream. */
export interface HttpBody {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  };
}

/** Why now is a good moment to try again. */
export type WakeCause = "online" | "visible" | "focused";

/** Everything the SDK takes from the outside, so that a test or an odd runtime can bring its own. */
export interface Environment {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs something once, `delayMs` from now. */
  after(delayMs: number, run: () => void): Cancel;
  /** From 0 up to 1, 1 excluded. */
  random(): number;
  randomUUID(): string;
  /** Opens a WebSocket. May throw on a URL or subprotocol that is not well-formed. */
  openSocket(url: string, protocols: readonly string[], events: SocketEvents): Socket;
  /** An HTTP request, as the platform's `fetch` makes it. */
  fetch(url: string, request: HttpRequest): Promise<HttpResponse>;
  /** `false` only when the platform is sure that there is no network. */
  isOnline(): boolean;
  /** Subscribes to the network coming back, and to the page becoming visible, coming back or getting the focus. */
  onWake(listener: (cause: WakeCause) => void): Cancel;
  /** Where the error of a listener goes. */
  report(error: unknown): void;
}

/** What browsers and Node offer. Globals are looked up when used, so importing the SDK needs none. */
export const platform: Environment = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  randomUUID: uuid,
  openSocket: (url, protocols, events) => {
    const socket = new WebSocket(url, [...protocols]);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => events.open?.();
    socket.onmessage = (event) => events.message(event.data);
    socket.onclose = (event) => events.close(event.code);
    // A close follows each. Node's package `ws` ends the process over an error that nobody listens to.
    socket.onerror = () => {};
    return socket;
  },
  fetch: (url, request) => fetch(url, request),
  isOnline: () => globalThis.navigator?.onLine !== false,
  onWake: (listener) => {
    if (typeof globalThis.addEventListener !== "function") return () => {};
    // Absent in workers, whatever the DOM's types say.
    const page: Document | undefined = globalThis.document;
    const subscribed = new AbortController();
    const { signal } = subscribed;
    const online = () => listener("online");
    const focused = () => listener("focused");
    // A page that comes out of the back/forward cache may find its connections dead.
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) listener("visible");
    };
    const visible = () => {
      if (page?.visibilityState === "visible") listener("visible");
    };
    globalThis.addEventListener("online", online, { signal });
    globalThis.addEventListener("focus", focused, { signal });
    globalThis.addEventListener("pageshow", shown, { signal });
    page?.addEventListener("visibilitychange", visible, { signal });
    return () => subscribed.abort();
  },
  report: (error) => {
    if (typeof reportError === "function") reportError(error);
    else console.error(error);
  },
};
