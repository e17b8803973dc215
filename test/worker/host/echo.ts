import * as z from "zod";
import type { Admittance, Guest, RawFrame } from "../../../src/objects/host/guest.ts";
import { HostObject } from "../../../src/objects/host/host-object.ts";
import type { SocketHost } from "../../../src/objects/host/socket-host.ts";
import type { Close } from "../../../src/protocol/close.ts";
import { refusal } from "../../../src/protocol/error.ts";
import type { KeptFormat } from "../../../src/protocol/kept.ts";

/** Whoever comes says its name, and its socket keeps that and how often it was heard. */
export interface Kept {
  readonly name: string;
  readonly heard: number;
}

const FORMAT: KeptFormat<Kept> = {
  version: 1,
  reads: [1],
  schema: z.object({ name: z.string(), heard: z.number() }),
};

/** What an {@link Echo} did, in order; an object that is evicted begins with another. */
export type Deed = string;

/**
 * The least that can be a guest: it sends back with the next flush whatever it hears, bytes as bytes,
 * and does by order what a guest may do. A frame of text is an order if it begins with `!`.
 */
export class Echo implements Guest<string, Kept> {
  readonly deeds: Deed[] = [];
  /** When it wants to be woken, milliseconds since the epoch. */
  wakeAt: number | undefined;
  closed: ReturnType<typeof refusal> | undefined;
  isOverWhenEmpty = false;
  isTelling = false;
  readonly reports = {
    noted: 0,
    dueAt: undefined as number | undefined,
    note: () => {
      this.reports.noted += 1;
    },
    run: async () => {
      this.deeds.push("report");
      this.reports.dueAt = undefined;
    },
  };
  readonly #host: SocketHost<string, Kept>;
  readonly #here = new Map<string, Kept>();
  readonly #owed: [string, RawFrame][] = [];

  constructor(host: SocketHost<string, Kept>) {
    this.#host = host;
  }

  get names(): readonly string[] {
    return [...this.#here.values()].map(({ name }) => name);
  }

  admit(request: Request): Admittance<string> {
    const name = new URL(request.url).pathname.slice(1);
    if (name === "eve") return { ok: false, error: refusal("banned", "Not you.") };
    return { ok: true, visit: name, subprotocol: name === "ada" ? "echo.v1" : undefined };
  }

  enter(id: string, name: string): void {
    this.#keep(id, { name, heard: 0 });
    this.deeds.push(`enter ${name}`);
    if (name === "trouble") throw new Error("No place.");
  }

  mayGoOn({ heard }: Kept): boolean {
    return heard < 100;
  }

  restore(id: string, kept: Kept): void {
    this.#here.set(id, kept);
    this.deeds.push(`restore ${kept.name}`);
  }

  hear(id: string, raw: RawFrame, now: number): Promise<void> | undefined {
    const kept = this.#here.get(id);
    if (kept === undefined) throw new Error("Nobody.");
    this.#keep(id, { ...kept, heard: kept.heard + 1 });
    if (typeof raw !== "string" || !raw.startsWith("!")) this.#owed.push([id, raw]);
    else return this.#obey(id, raw.slice(1), now);
    return undefined;
  }

  leave(id: string, { code, clean }: Close): void {
    this.deeds.push(`leave ${this.#here.get(id)?.name} ${code} ${clean}`);
    this.#here.delete(id);
  }

  ended(): void {
    this.deeds.push("ended");
  }

  inherit(wakeAt: number | undefined): void {
    this.wakeAt = wakeAt;
    this.deeds.push(wakeAt === undefined ? "inherit nothing" : "inherit a time");
  }

  get hasWork(): boolean {
    return this.isTelling || this.#owed.length > 0;
  }

  flushDelayMs(): number {
    return 0;
  }

  /** Sends two frames a call: whoever owes more is telling. */
  flush(): void {
    this.deeds.push("flush");
    for (const [id, raw] of this.#owed.splice(0, 2)) this.#host.sockets.send(id, raw);
    this.isTelling = this.#owed.length > 0;
  }

  wake(now: number, wasInherited: boolean): void {
    this.deeds.push(`wake ${wasInherited}`);
    if ((this.wakeAt ?? Infinity) <= now) this.wakeAt = undefined;
  }

  isOver(): boolean {
    return this.isOverWhenEmpty && this.#here.size === 0;
  }

  async end(): Promise<void> {
    this.deeds.push("end");
    await this.#host.erase(false);
  }

  #obey(id: string, order: string, now: number): Promise<void> | undefined {
    const [verb, value] = order.split(" ");
    if (verb === "wake") this.wakeAt = now + Number(value);
    else if (verb === "close") {
      this.#here.delete(id);
      this.#host.sockets.close(id, { code: Number(value), reason: "as you wish" });
    } else if (verb === "throw") {
      this.#owed.push([id, "thrown"]);
      throw new Error("As you wish.");
    } else if (verb === "later") {
      return Promise.resolve().then(() =>
        this.#host.turns.turn(() => void this.#owed.push([id, "later"])),
      );
    }
    return undefined;
  }

  #keep(id: string, kept: Kept): void {
    this.#here.set(id, kept);
    this.#host.sockets.keep(id, kept);
  }
}

/** A host of sockets whose guest is an {@link Echo}. */
export class EchoObject extends HostObject<object, string, Kept> {
  declare readonly host: SocketHost<string, Kept>;
  readonly echo: Echo;

  constructor(ctx: DurableObjectState, env: object) {
    super(ctx, env, { format: FORMAT, heartbeat: { ping: "?", pong: "!" } });
    this.echo = new Echo(this.host);
    this.host.open(() => this.echo);
  }
}
