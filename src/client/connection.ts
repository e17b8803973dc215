import type { ClientFrame } from "../protocol/client-frame.ts";
import { CLOSE_CODES, closeOf, type Reconnect } from "../protocol/close-code.ts";
import type { Refusal } from "../protocol/error.ts";
import { present } from "../protocol/present.ts";
import { closeReason } from "./close-reason.ts";
import { leavePhase, type Open, type Phase, type Refused, statusOf } from "./connection-phase.ts";
import { within } from "./deadline.ts";
import type { Cancel, Environment, WakeCause } from "./environment.ts";
import { RealtimeError } from "./error.ts";
import type { IncomingFrame, JoinedFrame, LaterFrame } from "./frame-reader.ts";
import { Heartbeat } from "./heartbeat.ts";
import { Link } from "./link.ts";
import { Retries, type Try } from "./retries.ts";
import type { RoomStatus, StatusChange, StatusReason } from "./room-event.ts";
import type { TokenSource } from "./token-source.ts";
import type { Sending, TransportName, TransportTraits, Visit, Way } from "./transport.ts";

/** How long a channel that we closed is waited for, in milliseconds. */
const GOODBYE_MS = 2_000;

/** What a connection needs to come to be, again and again. */
export interface ConnectionOptions {
  readonly environment: Environment;
  readonly tokens: TokenSource;
  readonly transport: Way;
  /** How long that may take, in milliseconds, until the first frame comes in. */
  readonly openingMs: number;
  /** Tries to reconnect in a row before it gives up. */
  readonly reconnectTries: number;
  /** What to enter with this token, with the cursor as it is now. */
  readonly visit: (token: string) => Omit<Visit, "token">;
  /** A greeted connection is open; again when it was probed by a fresh reading of the room. */
  readonly opened: (joined: JoinedFrame, traits: TransportTraits) => void;
  /** A later frame. */
  readonly received: (frame: LaterFrame) => void;
  /** Any status but `open`, which {@link opened} tells. */
  readonly changed: (change: StatusChange) => void;
  /** How to hand a token to the server. */
  readonly refreshToken: (token: string) => void;
  /** Says goodbye to the server. */
  readonly leave: () => void;
}

/** One room's connection: opened, kept alive, and opened again until it is closed for good. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #retries: Retries;
  readonly #unsubscribe: Cancel;
  #phase: Phase = { phase: "authorizing" };
  #isFirst = true;
  /** The error that came last, if nothing came after it: it explains the close that follows. */
  #lastWord: Refusal | undefined;
  #reason: StatusReason | undefined;
  /** Until the channel that was left is closed. */
  #goodbye = Promise.resolve();

  /** Starts at once; tells nothing before the caller's turn of the event loop is over. */
  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#retries = new Retries(options.environment, options.reconnectTries);
    this.#unsubscribe = options.environment.onWake((cause) => this.#wake(cause));
    this.#authorize(undefined);
  }

  get status(): RoomStatus {
    return statusOf(this.#phase, this.#isFirst);
  }

  /** What carries it while it is open. */
  get transport(): TransportName | undefined {
    return this.#phase.phase === "open" ? this.#phase.link.traits.name : undefined;
  }

  /** Why there is no connection, as of the last failure; `undefined` while it is open. */
  get reason(): StatusReason | undefined {
    return this.#phase.phase === "open" ? undefined : this.#reason;
  }

  /** Sends a frame of at most so many bytes, if it is open. */
  send(frame: ClientFrame, frameBytes: number): Sending {
    if (this.#phase.phase !== "open") return "no_connection";
    return this.#phase.link.send(frame, frameBytes);
  }

  /** Somebody waits for an answer: is the server there? If not, it is connected to anew within 3 s. */
  probe(): void {
    if (this.#phase.phase === "open") this.#phase.heartbeat.probe();
  }

  /** What comes in lacks something: starts anew from the cursor. */
  comeBack(reason: StatusReason, delayMs: number): void {
    if (this.#phase.phase === "open") this.#wait({ attempt: 1, delayMs }, reason);
  }

  /** Leaves for good. Resolves when the channel is closed, or after two seconds. */
  close(): Promise<void> {
    const before = this.#phase;
    if (before.phase === "open") this.#options.leave();
    if ("link" in before) {
      const { environment } = this.#options;
      const { closed } = before.link;
      const deadline = { timeoutMs: GOODBYE_MS };
      this.#goodbye = within(environment, closed, deadline, () => new Error()).catch(() => {});
    }
    if (before.phase !== "closed") this.#end(undefined);
    return this.#goodbye;
  }

  #authorize(refused: Refused | undefined): void {
    const { tokens } = this.#options;
    const phase = this.#enter({ phase: "authorizing" });
    (refused === undefined ? tokens.get() : tokens.replace(refused.token)).then(
      (token) => {
        if (this.#phase !== phase) return;
        if (token !== refused?.token || refused.mayRepeat) this.#dial(token);
        // A moment later the same one may be good: clocks differ.
        else
          this.#retry(closeReason(CLOSE_CODES.unauthorized.code, this.#lastWord), "backoff", token);
      },
      (cause: unknown) => {
        if (this.#phase !== phase) return;
        const message = "The token function failed.";
        this.#retry({ code: "unauthorized", message, cause }, "backoff", refused?.token);
      },
    );
  }

  #dial(token: string): void {
    this.#lastWord = undefined;
    const link = this.#openLink(token);
    if (link instanceof RealtimeError) {
      this.#end({ code: link.code, message: link.message });
      return;
    }
    const { environment, openingMs } = this.#options;
    const cancel = environment.after(openingMs, () => this.#silent(openingMs));
    this.#enter({ phase: "greeting", link, token, cancel });
  }

  #openLink(token: string): Link | RealtimeError {
    const { transport, visit } = this.#options;
    try {
      return new Link(
        transport,
        { ...visit(token), token },
        {
          received: (frames) => this.#receive(frames),
          closed: (code) => this.#lost(code),
        },
      );
    } catch (error) {
      if (error instanceof RealtimeError) return error;
      // The platform's own message may quote the token.
      const message = "The platform refused to connect: check the url, and the token.";
      return RealtimeError.invalid("invalid_request", message);
    }
  }

  #receive(frames: readonly IncomingFrame[]): void {
    if (this.#phase.phase === "open") this.#phase.heartbeat.heard();
    for (const frame of frames) {
      // A listener may have left the room between two frames of a batch.
      if (this.#phase.phase === "closed") return;
      this.#lastWord = frame.type === "error" ? frame.payload : undefined;
      if (frame.type === "joined_room") this.#greeted(frame);
      else if (this.#phase.phase === "open" || frame.type === "malformed") this.#pass(frame);
      if (frame.type === "malformed") this.#unreadable();
    }
  }

  /** In place of a greeting there is nothing to go on with. */
  #unreadable(): void {
    if (this.#phase.phase !== "greeting") return;
    const message = "The server's greeting could not be read.";
    this.#retry({ code: "invalid_frame", message }, "at-once");
  }

  #greeted(frame: JoinedFrame): void {
    if (this.#phase.phase === "open") this.#options.opened(frame, this.#phase.link.traits);
    if (this.#phase.phase !== "greeting") return;
    const { link, token } = this.#phase;
    const heartbeat = new Heartbeat({
      environment: this.#options.environment,
      intervalMs: frame.payload.heartbeatMs,
      link,
      dead: (forMs) => this.#silent(forMs),
    });
    void this.#renewToken(this.#enter({ phase: "open", link, token, heartbeat }));
    this.#retries.succeeded();
    this.#isFirst = false;
    this.#options.opened(frame, link.traits);
  }

  async #renewToken(phase: Open): Promise<void> {
    const { environment, tokens, refreshToken } = this.#options;
    if (!tokens.renewable) return;
    try {
      const { TokenRenewal } = await import("./token-renewal.ts");
      if (this.#phase !== phase) return;
      phase.renewal = new TokenRenewal(environment, tokens, phase.token, refreshToken);
    } catch {
      // Then the server closes at the token's end, and the next try brings a new one.
    }
  }

  #pass(frame: LaterFrame): void {
    if (frame.type === "token_refreshed" && this.#phase.phase === "open") {
      this.#phase.renewal?.accepted();
    }
    this.#options.received(frame);
  }

  #lost(code: number): void {
    const reason = closeReason(code, this.#lastWord);
    // Let in first, and told so later: there are more places than its user may have.
    if (this.#phase.phase === "open" && this.#lastWord?.code === "too_many_connections") {
      this.#wait(this.#retries.displaced(), reason);
      return;
    }
    const { reconnect: how } = closeOf(code);
    const isHopeless = how === "with-token" && !this.#options.tokens.renewable;
    if (how === "never" || isHopeless) this.#end(reason);
    else this.#retry(reason, how, how === "with-token" ? this.#token : undefined);
  }

  #silent(forMs: number): void {
    const message = `Nothing was heard from the server for ${forMs / 1_000} s.`;
    this.#retry({ code: "timeout", message }, "backoff");
  }

  get #token(): string | undefined {
    const phase = this.#phase;
    if (phase.phase === "open") return phase.renewal?.token ?? phase.token;
    return phase.phase === "greeting" ? phase.token : undefined;
  }

  #retry(reason: StatusReason, how: Exclude<Reconnect, "never">, refused?: string): void {
    const next = this.#retries.next(how);
    if (next === undefined) this.#end(reason);
    else this.#wait(next, reason, refused);
  }

  #wait({ attempt, delayMs }: Try, reason: StatusReason, refused?: string): void {
    const cancel = this.#options.environment.after(delayMs, () => this.#again());
    this.#isFirst = false;
    this.#reason = reason;
    this.#enter({
      phase: "waiting",
      cancel,
      refused: refused === undefined ? undefined : { token: refused, mayRepeat: delayMs > 0 },
    });
    this.#options.changed({ status: "reconnecting", attempt, retryInMs: delayMs, reason });
  }

  #again(): void {
    if (this.#phase.phase !== "waiting") return;
    this.#authorize(this.#phase.refused);
    const attempt = Math.max(1, this.#retries.attempt);
    this.#options.changed({
      status: "reconnecting",
      attempt,
      ...present({ reason: this.#reason }),
    });
  }

  #wake(cause: WakeCause): void {
    const { phase } = this.#phase;
    if (cause !== "focused") this.probe();
    if (phase === "waiting") {
      if (cause === "online") this.#retries.restart();
      this.#retries.excuse();
      this.#again();
    }
    // Begun on a network that is gone, it would only be given up after its whole time.
    if (phase === "greeting" && cause === "online") this.#authorize(undefined);
  }

  #end(reason: StatusReason | undefined): void {
    this.#reason = reason;
    this.#enter({ phase: "closed" });
    this.#unsubscribe();
    this.#options.changed({ status: "closed", ...present({ reason }) });
  }

  #enter<P extends Phase>(next: P): P {
    leavePhase(this.#phase, next);
    this.#phase = next;
    return next;
  }
}
