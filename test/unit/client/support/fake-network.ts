import type {
  Environment,
  HttpRequest,
  HttpResponse,
  SocketEvents,
  WakeCause,
} from "../../../../src/client/environment.ts";
import { PING } from "../../../../src/protocol/client-frame.ts";
import { encodeMsgpack } from "../../../../src/protocol/msgpack.ts";
import type { ManualClock } from "./manual-clock.ts";

type Sent = string | Uint8Array<ArrayBuffer>;

/** The server's end of one socket that the SDK opened. */
export class FakeSocket {
  readonly url: URL;
  readonly protocols: readonly string[];
  /** Everything but the first ping. */
  readonly sent: Sent[] = [];
  /** Whether the SDK has sent its first ping. */
  hasPinged = false;
  /** What the SDK closed it with. */
  closedWith: number | undefined;
  onSend: ((data: Sent) => void) | undefined;
  onClosed: (() => void) | undefined;
  readonly #events: SocketEvents;

  constructor(url: string, protocols: readonly string[], events: SocketEvents) {
    this.url = new URL(url);
    this.protocols = protocols;
    this.#events = events;
  }

  /** Everything that the SDK sent, decoded; for JSON connections. */
  get frames(): readonly SentFrame[] {
    return this.sent.map((data) => JSON.parse(String(data)));
  }

  /** The frames of one type. */
  of(type: string): readonly SentFrame[] {
    return this.frames.filter((frame) => frame.type === type);
  }

  /** Frames reach the SDK, several as a batch. */
  say(...frames: readonly object[]): void {
    const one = frames.length === 1 ? frames[0] : { type: "batch", timestamp: "", payload: frames };
    this.raw(JSON.stringify(one));
  }

  sayBinary(frame: object): void {
    this.raw(encodeMsgpack(frame).slice().buffer);
  }

  raw(data: unknown): void {
    this.#events.message(data);
  }

  /** The connection is there. */
  open(): void {
    this.#events.open?.();
  }

  /** The connection ends, from the server's side or the network's. */
  close(code = 1006): void {
    this.#events.close(code);
  }

  accept(data: Sent): void {
    if (data === PING && !this.hasPinged) {
      this.hasPinged = true;
      return;
    }
    this.sent.push(data);
    this.onSend?.(data);
  }

  closedBySdk(code: number): void {
    this.closedWith ??= code;
    this.onClosed?.();
  }
}

/** A frame that the SDK sent, as far as tests look into it. */
export interface SentFrame {
  readonly type: string;
  readonly messageId?: string;
  readonly payload?: {
    readonly content?: string;
    readonly seq?: number;
    readonly token?: string;
    readonly upTo?: number;
    readonly event?: string;
    readonly data?: unknown;
    readonly remove?: boolean;
  };
}

/** What a test answers to a request. */
export type FakeResponse = Pick<HttpResponse, "status" | "json"> & Partial<HttpResponse>;

/** A request that the SDK made. */
export interface SentRequest {
  readonly method: HttpRequest["method"];
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly key: string | undefined;
  readonly body: unknown;
  readonly signal: AbortSignal;
}

/** Everything outside the SDK, in the test's hands. */
export class FakeNetwork {
  readonly sockets: FakeSocket[] = [];
  readonly requests: SentRequest[] = [];
  readonly reported: unknown[] = [];
  readonly environment: Environment;
  isOnline = true;
  /** 0.999… takes nothing off a backoff, 0 half of it. */
  random = () => 1;
  respond: (
    url: URL,
    authorization: string | undefined,
    request: SentRequest,
  ) => FakeResponse | Promise<FakeResponse> = () => {
    throw new Error("no network");
  };
  onOpen: ((socket: FakeSocket) => void) | undefined;
  #wake = new Set<(cause: WakeCause) => void>();
  #ids = 0;

  constructor(clock: ManualClock) {
    this.environment = {
      now: clock.now,
      after: clock.after,
      random: () => this.random(),
      randomUUID: () => {
        this.#ids += 1;
        return `id-${this.#ids}`;
      },
      openSocket: (url, protocols, events) => {
        const socket = new FakeSocket(url, protocols, events);
        this.sockets.push(socket);
        this.onOpen?.(socket);
        return {
          send: (data) => socket.accept(data),
          close: (code) => socket.closedBySdk(code),
        };
      },
      fetch: async (url, { method, headers, body, signal }) => {
        const request: SentRequest = {
          method,
          url: new URL(url),
          authorization: headers["authorization"],
          key: headers["idempotency-key"],
          body: body === undefined ? undefined : JSON.parse(body),
          signal,
        };
        this.requests.push(request);
        const response = await this.respond(request.url, request.authorization, request);
        return { headers: { get: () => null }, body: null, ...response };
      },
      isOnline: () => this.isOnline,
      onWake: (listener) => {
        this.#wake.add(listener);
        return () => this.#wake.delete(listener);
      },
      report: (error) => this.reported.push(error),
    };
  }

  /** The socket opened last. */
  get socket(): FakeSocket {
    const last = this.sockets.at(-1);
    if (last === undefined) throw new Error("The SDK has opened no socket.");
    return last;
  }

  /** How many rooms listen for the network coming back. */
  get listeners(): number {
    return this.#wake.size;
  }

  wake(cause: WakeCause): void {
    for (const listener of [...this.#wake]) listener(cause);
  }
}
