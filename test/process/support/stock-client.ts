import { io, type ManagerOptions, type Socket, type SocketOptions } from "socket.io-client";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import { until } from "./until.ts";

/** How a stock client reaches the server: by one way alone, or as it does unless it is told. */
export type Way = "websocket" | "polling" | "default";

/** The ways of a stock client. */
export const WAYS: readonly Way[] = ["websocket", "polling", "default"];

/** One event as it came. */
export interface Heard {
  readonly name: string;
  // What an event tells is for its test to look at.
  readonly data: Record<string, unknown>;
}

/** A stock client of Socket.IO, and all that it heard, in order. */
export class StockClient {
  readonly socket: Socket;
  readonly heard: Heard[] = [];
  readonly ended: string[] = [];
  /** Whether each connection after the first one was recovered. */
  readonly recovered: boolean[] = [];
  readonly ids: (string | undefined)[] = [];

  constructor(
    url: string,
    user: string,
    way: Way,
    options: Partial<ManagerOptions & SocketOptions> = {},
  ) {
    this.socket = io(url, {
      auth: { token: tokenFor(user, SECRETS.AUTH_SECRET) },
      ...(way === "default" ? {} : { transports: [way] }),
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 200,
      ...options,
    });
    this.socket.on("connect", () => {
      this.ids.push(this.socket.id);
      this.recovered.push(this.socket.recovered);
    });
    this.socket.on("disconnect", (reason) => this.ended.push(reason));
    this.socket.onAny((name, data) => this.heard.push({ name, data }));
  }

  /** Waits until it is in. */
  async connected(): Promise<this> {
    await until(
      () => this.socket.connected,
      () => this.ended,
      10_000,
    );
    return this;
  }

  /** Emits, and waits for its callback. */
  ask(name: string, data?: unknown): Promise<Record<string, unknown>> {
    return this.socket.timeout(10_000).emitWithAck(name, data);
  }

  /** What it heard by a name. */
  named(name: string): Record<string, unknown>[] {
    return this.heard.filter((one) => one.name === name).map(({ data }) => data);
  }

  /** Waits until it has heard so many by a name. */
  async hears(name: string, count = 1): Promise<Record<string, unknown>[]> {
    await until(
      () => this.named(name).length >= count,
      () => ({ waitingFor: name, heard: this.heard.slice(-20) }),
      15_000,
    );
    return this.named(name);
  }

  /** Breaks its connection off without a word, as a network does. */
  cut(): void {
    this.socket.io.engine.close();
  }

  close(): void {
    this.socket.close();
  }
}
