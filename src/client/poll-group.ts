import { CLOSE_CODES } from "../protocol/close-code.ts";
import { ProtocolError } from "../protocol/error.ts";
import { closeCodeFor } from "../protocol/refusal-close.ts";
import { deferred } from "./deferred.ts";
import type { HeldConnection } from "./held-connection.ts";
import { type Reading, refusalFrame } from "./http-channel.ts";
import { pause } from "./pause.ts";
import { greetPoller, type PollStart } from "./poll-greeting.ts";
import { PollMember } from "./poll-member.ts";
import { ANSWER_MS, get, got, poll } from "./polling.ts";
import { type RoomPage, readRoomsPage, roomsPollUrl } from "./rooms-page.ts";
import { subjectOf } from "./token-claims.ts";
import { NO_WORD } from "./transport.ts";

/** How long a poll waits for news, in seconds: below what proxies allow a request. */
export const WAIT_SECONDS = 20;
/** Rooms that one poll may read (P20.8). */
const ROOMS_MAX = 32;
/** A poll that brought nothing sooner than this did not wait: something on the way cuts it short. */
const HASTY_MS = 1_000;
/** How often those ask who have no connection on which to wait, in milliseconds. */
const SHORT_POLLS_MS = 2_000;

/** Readers of rooms who poll together: one request for all of them, and the next one after it. */
export class PollGroup {
  readonly #members = new Set<PollMember>();
  readonly #held: HeldConnection | undefined;
  readonly #old: () => void;
  /** Ends the poll under way, for the next one to be of other rooms. */
  #wake = new AbortController();
  #isRunning = false;

  /**
   * @param held what a poll needs to wait for news, where there may be none.
   * @param old is told when the server has polls of one room only, as an older one has.
   */
  constructor(held: HeldConnection | undefined, old: () => void) {
    this.#held = held;
    this.#old = old;
  }

  /** Whether one more can be read here, as the same user. */
  takes({ token }: Reading): boolean {
    const [member] = this.#members;
    if (member === undefined) return true;
    const isSame = subjectOf(member.reading.token()) === subjectOf(token());
    return isSame && this.#members.size < ROOMS_MAX;
  }

  /** Reads a room until that ends; see `Reader`. */
  async read(reading: Reading): Promise<number> {
    let start: PollStart;
    try {
      start = await greetPoller(reading);
    } catch (error) {
      if (!(error instanceof ProtocolError)) return NO_WORD;
      reading.heard([refusalFrame(reading.environment, error.refusal)]);
      return closeCodeFor(error.code);
    }
    reading.heard(start.frames);
    const { promise, resolve } = deferred<number>();
    const member = new PollMember(reading, start, (code) => {
      this.#members.delete(member);
      resolve(code);
    });
    this.#members.add(member);
    const gone = () => {
      member.end(CLOSE_CODES.done.code);
      this.#wake.abort();
    };
    if (reading.signal.aborted) gone();
    else reading.signal.addEventListener("abort", gone);
    this.#wake.abort();
    void this.#run();
    return promise;
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    let isHeld = false;
    while (this.#members.size > 0) {
      // One that others have given back by now is taken.
      isHeld ||= (await this.#held?.take()) !== false;
      this.#wake = new AbortController();
      await this.#round([...this.#members], isHeld, this.#wake.signal);
    }
    if (isHeld) this.#held?.give();
    this.#isRunning = false;
  }

  /** One poll of all. Never rejects. */
  async #round(
    members: readonly PollMember[],
    isHeld: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const [first] = members;
    if (first === undefined) return;
    const { environment } = first.reading;
    const askedAt = environment.now();
    try {
      const pages = await pollAs(members, isHeld ? WAIT_SECONDS : 0, signal);
      const brought = members.filter((member) => this.#take(member, pages.get(member.room)));
      const isHasty = brought.length === 0 && environment.now() - askedAt < HASTY_MS;
      if (!isHeld) await pause(environment, SHORT_POLLS_MS, signal);
      else if (isHasty) await pause(environment, HASTY_MS, signal);
    } catch (error) {
      if (!signal.aborted) this.#failed(members, error);
    }
  }

  /** Takes what a poll brought for one room; `false` when that was nothing. */
  #take(member: PollMember, of: RoomPage | undefined): boolean {
    // It has left meanwhile, or the page had no place for it: the next one goes on from where it is.
    if (of === undefined || !this.#members.has(member)) return false;
    if (of.ok) return member.take(of.page);
    member.refuse(of.refusal);
    return true;
  }

  #failed(members: readonly PollMember[], error: unknown): void {
    const isRefused = error instanceof ProtocolError;
    const isOld = isRefused && error.code === "not_found" && isMany(members);
    if (isOld) this.#old();
    for (const member of members) {
      // They come back at once, each by polls of its own.
      if (isOld) member.end(CLOSE_CODES.restart.code);
      else if (isRefused) member.refuse(error.refusal);
      else member.end(NO_WORD);
    }
  }
}

function isMany(members: readonly PollMember[]): boolean {
  return new Set(members.map(({ room }) => room)).size > 1;
}

type Pages = ReadonlyMap<string, RoomPage>;

/** A token may end while a poll waits, and be renewed by then. */
async function pollAs(
  members: readonly PollMember[],
  wait: number,
  signal: AbortSignal,
): Promise<Pages> {
  const token = tokenOf(members);
  try {
    return await pollOnce(members, wait, signal);
  } catch (error) {
    const hasEnded = error instanceof ProtocolError && error.code === "token_expired";
    if (hasEnded && tokenOf(members) !== token) return pollOnce(members, wait, signal);
    throw error;
  }
}

async function pollOnce(
  members: readonly PollMember[],
  wait: number,
  signal: AbortSignal,
): Promise<Pages> {
  const reading = { ...readingOf(members), signal };
  const [first] = members;
  if (isMany(members) || first === undefined) {
    const url = roomsPollUrl(members, wait);
    return got(readRoomsPage(await get(reading, url, wait * 1_000 + ANSWER_MS)));
  }
  const page = await poll(reading, first.cursor, wait);
  return new Map([[first.room, { ok: true, page }]]);
}

function tokenOf(members: readonly PollMember[]): string {
  return readingOf(members).token();
}

/** Who came last has the newest token. */
function readingOf(members: readonly PollMember[]): Reading {
  const last = members.at(-1);
  if (last === undefined) throw new Error();
  return last.reading;
}
