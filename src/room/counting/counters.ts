import { type Counts, flushKey, NO_COUNTS } from "../../metrics/counts.ts";
import { type Ending, endingKey } from "../../metrics/ending.ts";
import { type CountedKind, hookKey, refusalKey } from "../../metrics/kind-key.ts";
import type { WireMessage } from "../../protocol/bundle.ts";
import type { Raw } from "../../protocol/codec.ts";
import type { ErrorCode } from "../../protocol/error.ts";
import type { Hook } from "../../protocol/hook.ts";
import { utf8Bytes } from "../../protocol/utf8.ts";
import type { Settled } from "../flush/settled.ts";
import { hooksIn } from "../hooks/rule-failure.ts";

type SettledCounts = Pick<Settled, "appended" | "buried" | "refused" | "blamed">;

/** Counts what happens in a room. It knows no time and keeps nothing: whoever owns it takes it. */
export class Counters {
  readonly #kind: CountedKind;
  #messages = 0;
  #framesIn = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #flushItems = 0;
  #deadLetters = 0;
  #deadLettersDropped = 0;
  #skippedTicks = 0;
  #connects = new Map<string, number>();
  #disconnects = new Map<string, number>();
  #refusals = new Map<string, number>();
  #ruleFailures = new Map<string, number>();
  #flushes = new Map<string, number>();
  #peak = 0;
  #hasCounted = false;
  /** Whether anything came or went on a wire that is no news by itself. */
  #hasTraffic = false;
  /** A flush sends many readers the same text: it is measured once. */
  #lastSent: WireMessage = "";
  #lastSentBytes = 0;

  /** @param kind of the room. */
  constructor(kind: CountedKind) {
    this.#kind = kind;
  }

  /**
   * Whether anything happened since {@link take} that is to be told. Frames in and out are told with
   * a flush, or with whatever comes next: of a thousand idle people somebody always renews a token.
   */
  get hasCounted(): boolean {
    return this.#hasCounted;
  }

  /** The most connections at once that were seen. */
  get peak(): number {
    return this.#peak;
  }

  /** What happened since {@link take}. */
  get counts(): Counts {
    return {
      ...NO_COUNTS,
      messages: this.#messages,
      framesIn: this.#framesIn,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      connects: Object.fromEntries(this.#connects),
      disconnects: Object.fromEntries(this.#disconnects),
      refusals: Object.fromEntries(this.#refusals),
      ruleFailures: Object.fromEntries(this.#ruleFailures),
      flushes: Object.fromEntries(this.#flushes),
      flushItems: this.#flushItems,
      deadLetters: this.#deadLetters,
      deadLettersDropped: this.#deadLettersDropped,
      skippedTicks: this.#skippedTicks,
    };
  }

  /** Hands over what was counted, and begins anew; the peak stays. */
  take(): Counts {
    const { counts } = this;
    this.#messages = this.#framesIn = this.#bytesIn = this.#bytesOut = this.#flushItems = 0;
    this.#deadLetters = this.#deadLettersDropped = this.#skippedTicks = 0;
    const tallies = [
      this.#connects,
      this.#disconnects,
      this.#refusals,
      this.#ruleFailures,
      this.#flushes,
    ];
    for (const tally of tallies) tally.clear();
    this.#hasCounted = this.#hasTraffic = false;
    return counts;
  }

  /** Someone came in; `connections` counts them already. */
  connected(transport: string, connections: number): void {
    this.#count(this.#connects, transport);
    this.#peak = Math.max(this.#peak, connections);
  }

  disconnected(ending: Ending): void {
    this.#count(this.#disconnects, endingKey(ending));
  }

  /** Someone was told no. */
  refused(code: ErrorCode): void {
    this.#count(this.#refusals, refusalKey(this.#kind, code));
  }

  /** Something has failed; a rule of the kind, maybe. */
  failed(failure: unknown): void {
    this.blamed(...hooksIn([failure]));
  }

  /** Rules of the kind have failed. */
  blamed(...hooks: readonly Hook[]): void {
    for (const hook of hooks) this.#count(this.#ruleFailures, hookKey(this.#kind, hook));
  }

  /** So many deliveries and timers were given up, and so many that were before them had to go. */
  buried(letters: number, dropped = 0): void {
    if (letters === 0) return;
    this.#deadLetters += letters;
    this.#deadLettersDropped += dropped;
    this.#hasCounted = true;
  }

  /** So many ticks of the room's clock were left out. */
  skipped(ticks: number): void {
    if (ticks === 0) return;
    this.#skippedTicks += ticks;
    this.#hasCounted = true;
  }

  /** A frame came off a socket. */
  heard(bytes: number): void {
    this.#framesIn += 1;
    this.#bytesIn += bytes;
    this.#hasTraffic = true;
  }

  /** A WebSocket message went to one reader. Returns its size, in bytes. */
  sent(message: WireMessage): number {
    if (message !== this.#lastSent) {
      this.#lastSent = message;
      this.#lastSentBytes = bytesOf(message);
    }
    this.#bytesOut += this.#lastSentBytes;
    this.#hasTraffic = true;
    return this.#lastSentBytes;
  }

  /** A flush of this many items is settled. */
  settled(items: number, { appended, buried, refused, blamed }: SettledCounts): void {
    this.flushed(items, appended);
    this.buried(buried.letters, buried.dropped);
    for (const code of refused) this.refused(code);
    this.blamed(...blamed);
  }

  /** A flush settled this many items, and appended this many events. */
  flushed(items: number, appended: number): void {
    if (items === 0) return;
    this.#count(this.#flushes, flushKey(items));
    this.#flushItems += items;
    this.#messages += appended;
  }

  /** A flush is told: its last message need not be kept in mind, and what came and went is news. */
  told(): void {
    this.#lastSent = "";
    if (this.#hasTraffic) this.#hasCounted = true;
  }

  #count(tally: Map<string, number>, key: string): void {
    tally.set(key, (tally.get(key) ?? 0) + 1);
    this.#hasCounted = true;
  }
}

/** How many bytes a text or binary message takes on the wire. */
export function bytesOf(payload: Raw | WireMessage): number {
  return typeof payload === "string" ? utf8Bytes(payload) : payload.byteLength;
}
