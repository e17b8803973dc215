import { pause } from "../../../support/pause.ts";
import { until } from "../../../support/until.ts";
import type { Bounds } from "../drive.ts";
import { Author } from "./author.ts";
import type { DocumentDialect } from "./document-dialect.ts";
import { KnownUpdates } from "./known-updates.ts";
import { type Gathering, Participant } from "./participant.ts";

/** Who comes. */
export interface CompanySize {
  readonly connections: number;
  /** Of these, who writes. */
  readonly authors: number;
}

/** What a phase did. */
export interface Typed {
  readonly edits: number;
  /** Edits that somebody else was told, over all. */
  readonly delivered: number;
  /** Frames that all of them received. */
  readonly frames: number;
  /** How much later than due each edit was sent, in milliseconds. */
  readonly lateness: readonly number[];
}

const AT_ONCE = 32;
const SAMPLED = 50;
const SETTLED_MS = 700;
const DRAIN_TIMEOUT_MS = 60_000;
/** Clients of Yjs are drawn from 32 bits. */
const FIRST_CLIENT = 1_000_000_007;

/** Everyone at one document: readers, and authors, who hear everything too. */
export class Company {
  readonly participants: readonly Participant[];
  readonly authors: readonly Participant[];
  readonly #byClient = new Map<number, Author>();

  constructor(dialect: DocumentDialect, { connections, authors }: CompanySize) {
    const gathering: Gathering = { dialect, updates: new KnownUpdates(), authors: this.#byClient };
    const every = Math.max(1, Math.floor(connections / SAMPLED));
    const authorEvery = Math.floor(connections / authors);
    this.participants = Array.from({ length: connections }, (_, index) => {
      const place = index / authorEvery;
      const isAuthor = Number.isInteger(place) && place < authors;
      const author = isAuthor ? new Author(FIRST_CLIENT + 7_919 * index) : undefined;
      if (author !== undefined) this.#byClient.set(author.client, author);
      const isSampled = author === undefined && index % every === 1 % every;
      return new Participant(gathering, { author, isSampled, keeps: index === connections - 1 });
    });
    this.authors = this.participants.filter(({ author }) => author !== undefined);
  }

  /** Lets everyone in and waits until the document has fallen silent. */
  static async gather(dialect: DocumentDialect, size: CompanySize): Promise<Company> {
    const company = new Company(dialect, size);
    try {
      const waiting = company.participants.map((one, index) => ({ one, index })).reverse();
      const work = async () => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
          await next.one.join(next.index);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      await pause(SETTLED_MS);
      return company;
    } catch (error) {
      company.leave();
      throw error;
    }
  }

  get edits(): number {
    return this.authors.reduce((sum, { author }) => sum + (author?.clock ?? 0), 0);
  }

  get delivered(): number {
    return this.participants.reduce((sum, { delivered }) => sum + delivered, 0);
  }

  get latencies(): readonly number[] {
    return this.participants.flatMap(({ latencies }) => latencies);
  }

  /** So many edits a second in all, evenly spaced and in turns, whether or not the server keeps up. */
  async type(perSecond: number, bounds: Bounds): Promise<Typed> {
    for (const one of this.participants) one.latencies = [];
    const before = { edits: this.edits, delivered: this.delivered, frames: this.#frames };
    const lateness: number[] = [];
    const startedAt = performance.now();
    const total = Math.min(bounds.messages, Math.floor((bounds.ms * perSecond) / 1_000));
    for (let edit = 0; edit < total; edit++) {
      const dueAt = startedAt + (edit * 1_000) / perSecond;
      for (let wait = dueAt - performance.now(); wait > 0; wait = dueAt - performance.now()) {
        await pause(wait);
      }
      this.authors[edit % this.authors.length]?.type(dueAt);
      lateness.push(performance.now() - dueAt);
    }
    await this.requireConvergence();
    return {
      edits: this.edits - before.edits,
      delivered: this.delivered - before.delivered,
      frames: this.#frames - before.frames,
      lateness,
    };
  }

  /** Waits until everybody has heard of every edit; throws when that takes too long, or one was cut off. */
  async requireConvergence(): Promise<void> {
    const owed = this.edits * (this.participants.length - 1);
    await until(() => this.delivered >= owed, DRAIN_TIMEOUT_MS);
    const lost = this.participants.filter(({ socket }) => socket.lost).length;
    if (this.delivered === owed && lost === 0) return;
    throw new Error(
      `of ${this.edits} edits to ${this.participants.length}: ${owed - this.delivered} copies are missing, ${lost} connections were lost`,
    );
  }

  /** Cuts everyone. */
  leave(): void {
    for (const one of this.participants) one.leave();
  }

  get #frames(): number {
    return this.participants.reduce((sum, { socket }) => sum + socket.frames, 0);
  }
}
