import { CLOSE_CODES } from "../protocol/close-code.ts";
import type { Refusal } from "../protocol/error.ts";
import { deferred } from "./deferred.ts";
import { readEventStream } from "./event-stream.ts";
import type { Reading } from "./http-channel.ts";
import { isLeft, StreamLine } from "./stream-line.ts";
import { StreamMember } from "./stream-member.ts";
import { subjectOf } from "./token-claims.ts";

/** Rooms that one stream may hear (P20.7). */
const ROOMS_MAX = 32;
/** How long those are waited for who enter or leave at about the same time, in milliseconds. */
const GATHER_MS = 20;

/**
 * Readers of rooms who share one event stream. When one comes or goes, another stream is opened beside
 * the one that is read, and takes its place for each room as soon as that is heard there: nothing is
 * missed, for every room is read on from where its reader stands.
 */
export class StreamGroup {
  readonly #members = new Set<StreamMember>();
  readonly #lines = new Set<StreamLine>();
  #isPlanned = false;
  /** Whether the server has streams of one room only, as an older one has. */
  #isOld = false;

  /** Whether one more can be read here: as the same user, and as much of the past. */
  takes({ visit, token }: Reading): boolean {
    const [member] = this.#members;
    if (member === undefined) return true;
    const { reading } = member;
    const rooms = new Set([...this.#members].map(({ room }) => room)).add(visit.room);
    return (
      rooms.size <= ROOMS_MAX &&
      reading.visit.wants.history === visit.wants.history &&
      subjectOf(reading.token()) === subjectOf(token())
    );
  }

  /** Reads a room until that ends; see `Reader`. */
  read(reading: Reading): Promise<number> {
    const { promise, resolve } = deferred<number>();
    const member = new StreamMember(reading, (code) => {
      this.#members.delete(member);
      resolve(code);
    });
    this.#members.add(member);
    this.#plan(reading);
    reading.signal.addEventListener("abort", () => {
      member.end(CLOSE_CODES.done.code);
      this.#tidy();
      // The server is told that it is left by the end of the stream that has it.
      if (this.#hasDeserted(member)) this.#plan(reading);
    });
    return promise;
  }

  #plan({ environment }: Reading): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    const open = () => {
      this.#isPlanned = false;
      this.#open();
    };
    const rooms = new Set([...this.#members].map(({ room }) => room));
    if (this.#lines.size === 0 || rooms.size === 1) queueMicrotask(open);
    else environment.after(GATHER_MS, open);
  }

  #open(): void {
    const [first, ...others] = this.#members;
    if (first === undefined) return;
    if (!this.#isOld) {
      this.#begin([first, ...others]);
      return;
    }
    for (const member of [first, ...others]) {
      if (member.line === undefined && member.awaits === undefined) this.#begin([member]);
    }
  }

  #begin(members: readonly [StreamMember, ...StreamMember[]]): void {
    const line = new StreamLine(members);
    const { signal, token, url } = line;
    const { environment } = members[0].reading;
    this.#lines.add(line);
    // Of two readers of one room the later one is to take the other's place.
    const newest = new Map(members.map((member) => [member.room, member]));
    for (const member of newest.values()) member.awaits = line;
    const heard = (data: readonly string[]) => this.#heard(line, data);
    readEventStream({ environment, url, token, signal, heard }).then(
      (refusal) => this.#ended(line, refusal),
      () => this.#ended(line, undefined),
    );
    this.#tidy();
  }

  #heard(line: StreamLine, data: readonly string[]): void {
    const values = data.map((text) => line.read(text));
    line.hasLost ||= values.some(isLeft);
    for (const member of [...this.#members]) {
      const own = values.filter(({ room }) => room === undefined || room === member.room);
      member.heard(line, own);
    }
    this.#tidy();
  }

  #ended(line: StreamLine, refusal: Refusal | undefined): void {
    this.#lines.delete(line);
    const isOld = refusal?.code === "not_found" && line.isShared;
    this.#isOld ||= isOld;
    for (const member of [...this.#members]) {
      if (!member.isOn(line)) continue;
      const wasRead = member.line === line;
      if (wasRead) member.line = undefined;
      else member.awaits = undefined;
      // It is read on another one still, or may soon be.
      if (member.line !== undefined || member.awaits !== undefined) continue;
      // One of the rooms ended, and the stream with it: the others read on, and need not know.
      if (isOld || (wasRead && line.hasLost)) this.#plan(member.reading);
      else member.lost(refusal);
    }
  }

  /** Lets go of streams on which nobody is read any more. */
  #tidy(): void {
    for (const line of this.#lines) {
      if ([...this.#members].some((member) => member.isOn(line))) continue;
      this.#lines.delete(line);
      line.abort();
    }
  }

  #hasDeserted({ room }: StreamMember): boolean {
    const isRead = [...this.#members].some((member) => member.room === room);
    return !isRead && [...this.#lines].some(({ rooms }) => rooms.includes(room));
  }
}
