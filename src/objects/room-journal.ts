import type { Ending } from "../metrics/ending.ts";
import type { Journal } from "../metrics/journal.ts";
import type { Report } from "../metrics/report.ts";
import { isOurReason } from "../protocol/close.ts";
import type { Audit } from "../protocol/log-line.ts";
import type { Session } from "../room/connections/connection.ts";

/** What one room says in the log: never a token, never a message's content (P11.1). */
export class RoomJournal {
  readonly #room: string;
  readonly #journal: Journal;
  readonly #clock: () => number;

  /** @param clock milliseconds since the epoch. */
  constructor(room: string, journal: Journal, clock: () => number) {
    this.#room = room;
    this.#journal = journal;
    this.#clock = clock;
  }

  connected({ userId, wire, transport: ordinary, via }: Session, resuming: boolean): void {
    const room = this.#room;
    const transport = via ?? ordinary;
    const line = { event: "connect", room, userId, wire, transport, resuming } as const;
    this.#journal.say(line, this.#clock());
  }

  ended({ userId, connectedAt }: Session, ending: Ending, reason: string): void {
    const now = this.#clock();
    const event = ending.clean ? "disconnect" : "abnormal_disconnect";
    const durationMs = now - connectedAt;
    const said = wording(ending, reason);
    this.#journal.say(
      { event, room: this.#room, userId, ...ending, durationMs, reason: said },
      now,
    );
  }

  audited(audit: Audit): void {
    this.#journal.say({ event: "audit", room: this.#room, ...audit }, this.#clock());
  }

  error(where: string, error: unknown): void {
    const message = String(error).slice(0, 200);
    this.#journal.say({ event: "error", where, room: this.#room, message }, this.#clock());
  }

  reported(report: Report): void {
    this.#journal.reported(this.#room, report);
  }
}

/** A peer words its close as it likes: a token or a message may be in it. */
function wording({ clean }: Ending, reason: string): string {
  if (isOurReason(reason)) return reason;
  return clean ? "closed by the client" : "connection lost";
}
