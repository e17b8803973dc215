import {
  type Asking,
  type Authority,
  admittedBy,
  broughtIn,
  isToBeAsked,
  stillStanding,
  type Verdict,
} from "../protocol/authority.ts";
import { CLOSES } from "../protocol/close.ts";
import type { Editor } from "../protocol/document-admission.ts";
import { NO_LONGER_TO_READ } from "../protocol/refusals.ts";
import type { Attendance } from "./attendance.ts";
import type { Connection } from "./connection.ts";

/**
 * By what editors are in a document on which a team has a rule: it is asked again in time, and when it
 * is said to. What it answers then holds at once, as in rooms (P14.5 to P14.8). Every `now` is
 * milliseconds since the epoch.
 */
export class EditorAuthorities {
  readonly #attendance: Attendance;
  readonly #mayWrite: (connection: Connection, now: number) => void;
  #nudgedAt = Number.NEGATIVE_INFINITY;

  /** @param mayWrite told of who may change the document from now on. */
  constructor(attendance: Attendance, mayWrite: (connection: Connection, now: number) => void) {
    this.#attendance = attendance;
    this.#mayWrite = mayWrite;
  }

  /** Somebody as they come in. */
  admitted(editor: Editor, now: number): Editor {
    const { authority } = editor;
    if (authority === undefined) return editor;
    return { ...editor, authority: broughtIn(authority, this.#nudgedAt, now) };
  }

  /** Who is to be asked about by now; whoever takes this list sees to it. */
  toAsk(now: number): readonly Asking[] {
    const asking: Asking[] = [];
    for (const connection of this.#attendance.here()) {
      const { authority } = connection.editor;
      if (authority === undefined || connection.asks > 0 || !isToBeAsked(authority, now)) continue;
      connection.asks += 1;
      asking.push(askingOf(connection, authority));
    }
    return asking;
  }

  /** The same as it is by now, for it has waited for its turn; `undefined` when there is nobody any more. */
  current({ id }: Asking): Asking | undefined {
    const connection = this.#attendance.get(id);
    const authority = connection?.editor.authority;
    if (connection === undefined || authority === undefined) return undefined;
    return askingOf(connection, authority);
  }

  /**
   * Has everybody, or one user, asked about anew.
   *
   * @returns how many people that is.
   */
  nudge(userId: string | undefined, now: number): number {
    this.#nudgedAt = now;
    const people = new Set<string>();
    for (const connection of this.#attendance.here()) {
      const { editor } = connection;
      if (editor.authority === undefined || (userId ?? editor.userId) !== editor.userId) continue;
      people.add(editor.userId);
      connection.nudges += 1;
      this.#attendance.change(connection, { authority: { ...editor.authority, askAt: now } });
    }
    return people.size;
  }

  /**
   * Takes what the rule answered. One that is older than the answer at hand says nothing any more.
   *
   * @param askedAt when it was asked, milliseconds since the epoch.
   */
  answered(asking: Asking, verdict: Verdict, askedAt: number, now: number): void {
    const connection = this.#attendance.get(asking.id);
    if (connection === undefined) return;
    connection.asks -= 1;
    const known = connection.editor.authority;
    if (known === undefined) return;
    if (known.askedAt > Math.max(askedAt, asking.authority.askedAt)) {
      this.#attendance.change(connection, {});
      return;
    }
    switch (verdict.kind) {
      case "granted": {
        const { permissions, expiresAt, authority } = admittedBy(verdict, { ...known, askedAt });
        if (!permissions.includes("read")) {
          this.#attendance.end(connection, NO_LONGER_TO_READ, now);
          return;
        }
        const canWrite = permissions.includes("write");
        const isNew = canWrite && !connection.editor.canWrite;
        // An answer to what was asked before a nudge is to be asked for again at once.
        const askAt = asking.nudges === connection.nudges ? authority.askAt : now;
        const changes = { canWrite, expiresAt, authority: { ...authority, askAt } };
        this.#attendance.change(connection, changes);
        if (isNew) this.#mayWrite(connection, now);
        return;
      }
      case "refused":
        this.#attendance.end(connection, verdict.error, now, CLOSES.refusedByRule);
        return;
      case "failed":
        this.#attendance.change(connection, stillStanding(known, now));
    }
  }
}

function askingOf(
  { id, editor: { userId, name }, nudges }: Connection,
  authority: Authority,
): Asking {
  return { id, session: { userId, name }, authority, nudges };
}
