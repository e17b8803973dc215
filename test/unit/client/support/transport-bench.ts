// Fetched when it is needed, which takes real time the first time.
import "../../../../src/client/http-transports.ts";
import { Address } from "../../../../src/client/address.ts";
import type { IncomingFrame } from "../../../../src/client/frame-reader.ts";
import type { Channel, TransportName, Visit } from "../../../../src/client/transport.ts";
import { transportOf } from "../../../../src/client/transport-option.ts";
import type { ClientFrame } from "../../../../src/protocol/client-frame.ts";
import { answer, FakeHttp, FakeStream, type never, refusal } from "./fake-http.ts";
import { FakeNetwork, type FakeResponse } from "./fake-network.ts";
import { ALONE, loaded } from "./loaded.ts";
import { ManualClock, settle } from "./manual-clock.ts";
import { ack, joined, jwt, nack } from "./scene.ts";

/** One transport with the server's end of it in the test's hands, whatever it is made of. */
export interface Bench {
  readonly clock: ManualClock;
  readonly network: FakeNetwork;
  /** What the channel told, in order: types of frames, and close codes. */
  readonly told: (string | number)[];
  readonly frames: IncomingFrame[];
  open(visit?: Partial<Visit>): Promise<Channel>;
  /** The server's greeting comes in, and what was missed after it. */
  greet(recovered?: boolean, missed?: readonly object[]): Promise<void>;
  /** The server says no at the door. */
  refuse(status: number, code: string): Promise<void>;
  /** Later frames come in. */
  say(...frames: readonly object[]): Promise<void>;
  /** The connection breaks. */
  cut(): Promise<void>;
  /** The frames that the server got, as requests or as they were; and how it answers the next. */
  readonly sent: readonly { readonly type: string; readonly messageId: string | undefined }[];
  accept(messageId: string, savedId: number): Promise<void>;
  decline(messageId: string, status: number, code: string): Promise<void>;
  /** Where the reading goes, and as whom. */
  readonly query: URLSearchParams;
  readonly token: string | undefined;
}

export const TOKEN = jwt(Date.parse("2030-01-01T00:00:00Z"));

abstract class AnyBench implements Bench {
  readonly clock = new ManualClock();
  readonly network = new FakeNetwork(this.clock);
  readonly told: (string | number)[] = [];
  readonly frames: IncomingFrame[] = [];
  readonly #name: TransportName;

  constructor(name: TransportName) {
    this.#name = name;
  }

  async open(visit: Partial<Visit> = {}): Promise<Channel> {
    const { environment } = this.network;
    const address = new Address("https://edge.example");
    const transport = await loaded(transportOf(this.#name, { environment, address, ...ALONE }));
    const fresh = { room: "general", token: TOKEN, cursor: undefined, wants: { history: 5 } };
    const whole = { ...fresh, ...visit };
    const channel = transport.open(whole, {
      received: (frames) => {
        this.frames.push(...frames);
        this.told.push(...frames.map(({ type }) => type));
      },
      closed: (code) => this.told.push(code),
    });
    if (this.told.length > 0) throw new Error("It told something from within the call.");
    await settle();
    return channel;
  }

  abstract greet(recovered?: boolean, missed?: readonly object[]): Promise<void>;
  abstract refuse(status: number, code: string): Promise<void>;
  abstract say(...frames: readonly object[]): Promise<void>;
  abstract cut(): Promise<void>;
  abstract readonly sent: Bench["sent"];
  abstract accept(messageId: string, savedId: number): Promise<void>;
  abstract decline(messageId: string, status: number, code: string): Promise<void>;
  abstract readonly query: URLSearchParams;
  abstract readonly token: string | undefined;
}

class SocketBench extends AnyBench {
  constructor() {
    super("websocket");
  }

  async greet(recovered = false, missed: readonly object[] = []): Promise<void> {
    this.network.socket.say(joined({ recovered, seq: missed.length }));
    if (missed.length > 0) this.network.socket.say(...missed);
    await settle();
  }

  async refuse(_: number, code: string): Promise<void> {
    const payload = { code, message: "no", retryable: false };
    this.network.socket.say({ type: "error", timestamp: "", payload });
    this.network.socket.close(4403);
    await settle();
  }

  async say(...frames: readonly object[]): Promise<void> {
    this.network.socket.say(...frames);
    await settle();
  }

  async cut(): Promise<void> {
    this.network.socket.close(1006);
    await settle();
  }

  get sent() {
    return this.network.socket.frames.map(({ type, messageId }) => ({ type, messageId }));
  }

  async accept(messageId: string, savedId: number): Promise<void> {
    await this.say(ack(messageId, savedId));
  }

  async decline(messageId: string, _: number, code: string): Promise<void> {
    await this.say(nack(messageId, code));
  }

  get query(): URLSearchParams {
    return this.network.socket.url.searchParams;
  }

  get token(): string | undefined {
    return this.network.socket.protocols[1]?.replace("bearer.", "");
  }
}

abstract class HttpBench extends AnyBench {
  readonly http = new FakeHttp(this.network);
  #answer: ((response: FakeResponse) => void) | undefined;

  constructor(name: TransportName) {
    super(name);
    this.http.on(/^(POST|PATCH|DELETE) /, () => {
      return new Promise((resolve) => {
        this.#answer = resolve;
      });
    });
  }

  get sent() {
    return this.http.said.map(({ method, url, key }) => {
      const path = url.pathname.replace("/v1/rooms/general", "").replace(/\d+/, ":seq");
      return { type: TYPES[`${method} ${path}`] ?? "unknown", messageId: key };
    });
  }

  async accept(_: string, savedId: number): Promise<void> {
    await settle();
    this.#answer?.(answer(201, { savedId }));
    await settle();
  }

  async decline(_: string, status: number, code: string): Promise<void> {
    await settle();
    this.#answer?.(refusal(status, code));
    await settle();
  }

  get query(): URLSearchParams {
    return this.#first.url.searchParams;
  }

  get token(): string | undefined {
    return this.#first.authorization?.replace("Bearer ", "");
  }

  get #first() {
    const [first] = this.network.requests;
    if (first === undefined) throw new Error("Nothing was asked.");
    return first;
  }
}

const TYPES: Readonly<Record<string, ClientFrame["type"]>> = {
  "POST /messages": "send_message",
  "PATCH /messages/:seq": "edit_message",
  "DELETE /messages/:seq": "delete_message",
  "POST /messages/:seq/reactions": "react",
  "POST /publish": "publish",
  "POST /read": "read_messages",
};

class SseBench extends HttpBench {
  stream: FakeStream | undefined;
  #answerOpening: ((response: FakeResponse) => void) | undefined;
  #breakOpening: ((error: Error) => void) | undefined;

  constructor() {
    super("sse");
    this.http.on(/^GET .*\/events$/, (request) => {
      this.stream = new FakeStream(request.signal);
      return new Promise((resolve, reject) => {
        this.#answerOpening = resolve;
        this.#breakOpening = reject;
      });
    });
  }

  async greet(recovered = false, missed: readonly object[] = []): Promise<void> {
    if (this.stream === undefined) throw new Error("No stream was asked for.");
    this.#answerOpening?.(this.stream.response);
    this.stream.text(":\n\n");
    this.stream.say(joined({ recovered, seq: missed.length }), ...missed);
    await settle();
  }

  async refuse(status: number, code: string): Promise<void> {
    this.#answerOpening?.(refusal(status, code));
    await settle();
  }

  async say(...frames: readonly object[]): Promise<void> {
    this.stream?.say(...frames);
    await settle();
  }

  async cut(): Promise<void> {
    this.#breakOpening?.(new Error("cut"));
    this.stream?.end();
    await settle();
  }
}

class PollBench extends HttpBench {
  #seq = 0;
  #events: object[] = [];
  #wake: (() => void) | undefined;
  #isCut = false;

  constructor() {
    super("poll");
    // Before the greeting nothing is answered.
    this.http.on(/^GET /, (request) => this.#held(request));
  }

  async #held(request: Parameters<typeof never>[0]): Promise<FakeResponse> {
    return new Promise((resolve, reject) => {
      request.signal.addEventListener("abort", () => reject(new Error("aborted")));
      const before = this.#wake;
      this.#wake = () => {
        before?.();
        if (this.#isCut) reject(new Error("cut"));
        else resolve(this.#answerTo(request.url));
      };
    });
  }

  #refused: FakeResponse | undefined;
  #answerTo(url: URL): FakeResponse | Promise<FakeResponse> {
    if (this.#refused !== undefined) return this.#refused;
    if (url.pathname.endsWith("/users")) return answer(200, { users: [] });
    if (url.pathname.endsWith("/messages")) {
      return answer(200, { messages: [], epoch: "e1", seq: this.#seq, hasMore: false });
    }
    const events = this.#events;
    this.#events = [];
    this.#seq += events.length;
    return answer(200, { events, epoch: "e1", seq: this.#seq, recovered: true });
  }

  async greet(_ = false, missed: readonly object[] = []): Promise<void> {
    this.#events = [...missed];
    while (!this.told.includes("joined_room")) await this.#release();
  }

  async refuse(status: number, code: string): Promise<void> {
    this.#refused = refusal(status, code);
    await this.#release();
  }

  async say(...frames: readonly object[]): Promise<void> {
    this.#events = [...frames];
    await this.#release();
  }

  async cut(): Promise<void> {
    this.#isCut = true;
    await this.#release();
  }

  async #release(): Promise<void> {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
    await settle();
  }
}

/** One for each transport. */
export const BENCHES: readonly (readonly [TransportName, () => Bench])[] = [
  ["websocket", () => new SocketBench()],
  ["sse", () => new SseBench()],
  ["poll", () => new PollBench()],
];
