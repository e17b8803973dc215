import { utf8Bytes } from "../protocol/utf8.ts";
import { YJS_BOUNDS } from "../protocol/yjs-limits.ts";
import { type Interest, type Shown, writeShown } from "./awareness-message.ts";
import { LeftClients } from "./left-clients.ts";

/** A connection, and whose it is. */
export interface Speaker {
  readonly connection: string;
  readonly userId: string;
}

/**
 * What a client shows, as a connection's attachment keeps it: the state as {@link binaryOf} writes it.
 */
export type KeptShown = readonly [client: number, clock: number, state: string, renewedAt: number];

/** What came of an awareness message. */
export interface Heard {
  /** Whether there is something to tell the others with the next {@link AwarenessBook.takeNews}. */
  readonly isNews: boolean;
  /** Whether its sender was here a moment ago: it has let go of the others, as {@link AwarenessBook.call} says. */
  readonly isBack: boolean;
  /** What the sender must be answered with at once, as an awareness update. */
  readonly greeting?: Uint8Array;
  /** States left out, for they are too large or too many. */
  readonly refused: number;
}

interface Entry {
  readonly speaker: Speaker;
  readonly clock: number;
  readonly state: string;
  /** When it was last said with a higher clock, in ms. */
  readonly renewedAt: number;
  readonly bytes: number;
}

interface Voice {
  readonly userId: string;
  readonly clients: Set<number>;
  /** How many client ids it has shown in all, those included that it has let go of. */
  named: number;
  /** Of these the last few: whoever hides its cursor and shows it again is none more. */
  readonly letGo: Set<number>;
  bytes: number;
}

/**
 * Who shows what in a document. Stock clients repeat all that they hear, also of others and also late;
 * so each client id belongs to the connection that named it first, and what is not newer than known, or
 * is said by another connection, is dropped before it costs anything.
 */
export class AwarenessBook {
  readonly #entries = new Map<number, Entry>();
  readonly #voices = new Map<string, Voice>();
  readonly #left = new LeftClients();
  readonly #news = new Set<number>();
  #bytes = 0;

  /**
   * Hears an awareness message.
   *
   * The first one of a connection is answered with its own state as `null`. A client that comes back
   * after a drop has not raised its clock, and the others, who saw it leave at that clock, would ignore
   * it until it renews its state, 15 s later; told that it is gone, it raises its clock and says it again.
   */
  hear(speaker: Speaker, shown: readonly Shown[], now: number): Heard {
    const isFirst = !this.#voices.has(speaker.connection);
    const voice = this.#voiceOf(speaker);
    const greeting: Shown[] = [];
    let isNews = false;
    let isBack = false;
    let refused = 0;
    for (const one of shown) {
      isBack ||= isFirst && this.#left.clockOf(one.client) >= 0;
      const verdict = this.#judge(speaker, voice, one);
      if (verdict === "refused") refused++;
      if (isFirst && shown.length === 1) greeting.push(...this.#greetingFor(one, verdict));
      if (verdict !== "news") continue;
      isNews = true;
      this.#write(speaker, voice, one, now);
    }
    return {
      isNews,
      isBack,
      refused,
      ...(greeting.length > 0 && { greeting: writeShown(greeting) }),
    };
  }

  /**
   * What of a connection's message {@link hear} would do something about: not what is no newer than
   * known, or is somebody else's. What it says first is answered, whatever it is.
   */
  interestOf(speaker: Speaker): Interest {
    if (!this.#voices.has(speaker.connection)) return () => true;
    return (client, clock, isGone) => this.#standingOf(speaker, client, clock, isGone) === "newer";
  }

  /**
   * What has the client of a connection say again what it shows; `undefined` when it shows nothing.
   *
   * A client whose connection drops lets go of all others, and then ignores what is told of them until
   * their clocks have risen, which by themselves they do after 15 s. Told that it is gone, each raises its own.
   */
  call(connection: string): Uint8Array | undefined {
    const voice = this.#voices.get(connection);
    const shown: Shown[] = [];
    for (const client of voice?.clients ?? []) {
      const clock = this.#entries.get(client)?.clock;
      if (clock !== undefined) shown.push({ client, clock, state: null });
    }
    return shown.length === 0 ? undefined : writeShown(shown);
  }

  /** Forgets a connection; what it showed is gone, and news for the others. */
  leave(connection: string, now: number): boolean {
    const voice = this.#voices.get(connection);
    if (voice === undefined) return false;
    for (const client of voice.clients) this.#remove(client, voice, now);
    this.#voices.delete(connection);
    return voice.clients.size > 0;
  }

  /** Whether {@link takeNews} has something to tell. */
  get hasNews(): boolean {
    return this.#news.size > 0;
  }

  /** One awareness update of all that changed since the last; `undefined` when nothing did. */
  takeNews(): Uint8Array | undefined {
    if (this.#news.size === 0) return undefined;
    const shown: Shown[] = [];
    for (const client of this.#news) {
      const entry = this.#entries.get(client) ?? this.#left.get(client);
      if (entry !== undefined) shown.push({ client, clock: entry.clock, state: entry.state });
    }
    this.#news.clear();
    return shown.length === 0 ? undefined : writeShown(shown);
  }

  /**
   * One awareness update of what somebody who joins should see: not what nobody has renewed for 30 s,
   * which everybody else has let go of. `undefined` when that is nothing.
   */
  greet(now: number): Uint8Array | undefined {
    const shown: Shown[] = [];
    for (const [client, { clock, state, renewedAt }] of this.#entries)
      if (now - renewedAt < YJS_BOUNDS.awarenessOutdatedMs) shown.push({ client, clock, state });
    return shown.length === 0 ? undefined : writeShown(shown);
  }

  /** What a connection shows, for its attachment; `undefined` for one that was not heard yet. */
  keep(connection: string): readonly KeptShown[] | undefined {
    const voice = this.#voices.get(connection);
    if (voice === undefined) return undefined;
    const kept: KeptShown[] = [];
    for (const client of voice.clients) {
      const entry = this.#entries.get(client);
      if (entry === undefined) continue;
      const { clock, state, bytes, renewedAt } = entry;
      kept.push([client, clock, bytes === state.length ? state : binaryOf(state), renewedAt]);
    }
    return kept;
  }

  /**
   * Takes back what {@link keep} gave; no news, for the others have it. A socket whose client id another
   * one took over may still keep it: the higher clock tells whose it is.
   */
  restore(speaker: Speaker, kept: readonly KeptShown[]): void {
    const voice = this.#voiceOf(speaker);
    for (const [client, clock, state, renewedAt] of kept) {
      const known = this.#entries.get(client);
      if (known !== undefined && known.clock >= clock) continue;
      this.#write(speaker, voice, { client, clock, state: textOf(state) }, renewedAt);
      this.#news.delete(client);
    }
  }

  /** Clients that show something. */
  get size(): number {
    return this.#entries.size;
  }

  #voiceOf({ connection, userId }: Speaker): Voice {
    const known = this.#voices.get(connection);
    if (known !== undefined) return known;
    const voice: Voice = { userId, clients: new Set(), named: 0, letGo: new Set(), bytes: 0 };
    this.#voices.set(connection, voice);
    return voice;
  }

  #judge(speaker: Speaker, voice: Voice, { client, clock, state }: Shown): Verdict {
    const standing = this.#standingOf(speaker, client, clock, state === null);
    if (standing !== "newer") return standing;
    return this.#hasRoomFor(voice, client, state) ? "news" : "refused";
  }

  #standingOf(speaker: Speaker, client: number, clock: number, isGone: boolean): Standing {
    const entry = this.#entries.get(client);
    if (entry === undefined) return isGone || clock <= this.#left.clockOf(client) ? "old" : "newer";
    if (entry.speaker.connection !== speaker.connection) {
      if (entry.speaker.userId !== speaker.userId) return "foreign";
      return clock <= entry.clock ? "old" : "newer";
    }
    return clock < entry.clock || (clock === entry.clock && !isGone) ? "old" : "newer";
  }

  #hasRoomFor(voice: Voice, client: number, state: string | null): boolean {
    if (state === null) return true;
    const isOwn = voice.clients.has(client);
    const isNamed = isOwn || voice.letGo.has(client);
    const grown = utf8Bytes(state) - (isOwn ? (this.#entries.get(client)?.bytes ?? 0) : 0);
    return (
      voice.clients.size + (isOwn ? 0 : 1) <= YJS_BOUNDS.awarenessClients &&
      voice.named + (isNamed ? 0 : 1) <= YJS_BOUNDS.awarenessNamed &&
      voice.bytes + grown <= YJS_BOUNDS.awarenessBytes &&
      this.#bytes + grown <= YJS_BOUNDS.awarenessTotalBytes
    );
  }

  /**
   * What a connection is answered to what it says first, when that is of one client: itself. In a longer
   * message are echoes of others. Also when its old socket still hangs and holds its id: then it says it
   * again with a higher clock, and takes the id over.
   */
  #greetingFor({ client, clock, state }: Shown, verdict: Verdict): Shown[] {
    if (state === null || verdict === "refused" || verdict === "foreign") return [];
    const known = this.#entries.get(client)?.clock ?? this.#left.clockOf(client);
    return [{ client, clock: Math.max(clock, known), state: null }];
  }

  #write(speaker: Speaker, voice: Voice, { client, clock, state }: Shown, now: number): void {
    const before = this.#entries.get(client);
    const owner = before && this.#voices.get(before.speaker.connection);
    if (before !== undefined && owner !== undefined) {
      owner.clients.delete(client);
      owner.bytes -= before.bytes;
      this.#bytes -= before.bytes;
    }
    this.#news.add(client);
    if (state === null) {
      if (owner !== undefined) letGo(owner, client);
      this.#entries.delete(client);
      this.#left.add(client, clock, now);
      return;
    }
    const bytes = utf8Bytes(state);
    this.#left.delete(client);
    this.#entries.set(client, { speaker, clock, state, renewedAt: now, bytes });
    if (!voice.letGo.delete(client) && owner !== voice) voice.named += 1;
    voice.clients.add(client);
    voice.bytes += bytes;
    this.#bytes += bytes;
  }

  #remove(client: number, voice: Voice, now: number): void {
    const entry = this.#entries.get(client);
    if (entry === undefined) return;
    voice.bytes -= entry.bytes;
    this.#bytes -= entry.bytes;
    this.#entries.delete(client);
    this.#left.add(client, entry.clock, now);
    this.#news.add(client);
  }
}

function letGo({ letGo: last }: Voice, client: number): void {
  last.add(client);
  // The oldest comes first in a Set.
  for (const oldest of last) {
    if (last.size <= YJS_BOUNDS.awarenessClients) break;
    last.delete(oldest);
  }
}

/** `old`: not newer than known. `foreign`: somebody else's client, who is there. */
type Standing = "newer" | "old" | "foreign";

type Verdict = Exclude<Standing, "newer"> | "news" | "refused";

/**
 * A text with each byte of its UTF-8 as a character: of one that is not Latin the platform would keep two
 * bytes for every character, and an attachment holds 16,384.
 */
function binaryOf(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join("");
}

function textOf(binary: string): string {
  return new TextDecoder().decode(Uint8Array.from(binary, (mark) => mark.charCodeAt(0)));
}
