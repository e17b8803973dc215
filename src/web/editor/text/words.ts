import type { DocumentVersion } from "../../../client/index.ts";
import type { Problem } from "../../connection/connection.ts";
import { entryWords } from "../../connection/words.ts";
import { isolated, shownId } from "../../people/shown-name.ts";
import { closingOf } from "../state/closing.ts";
import type { DocumentState } from "../state/document-state.ts";
import type { Person } from "../state/person.ts";

/** What became of what one has written, in a word or two. */
export function savingWords(state: DocumentState, isOnline: boolean): string {
  const { connection, isSynced, isSaved } = state;
  const isUp = connection.state === "open" && isOnline;
  if (isSaved && isSynced) return "Saved";
  if (isSaved) return isUp || connection.state === "connecting" ? "Opening…" : "";
  if (isUp && isSynced) return "Saving…";
  return connection.state === "closed" ? "Not saved" : "Not saved yet";
}

/** Where what one has written is while it cannot be sent, in a sentence; empty when all is well. */
export function keptWords(state: DocumentState, isOnline: boolean): string {
  const { connection, isSaved, isKept } = state;
  if (isSaved || connection.state === "closed" || (connection.state === "open" && isOnline))
    return "";
  const place = isKept ? "on this device" : "in this tab, as long as it is open";
  return `Your changes are kept ${place}, and go out when you are back.`;
}

/**
 * Why one is no longer in the document, and what to do about it, in words.
 *
 * @param isUntaken something was written that the server has not.
 * @param origin where this page is open.
 */
export function closedWords(
  problem: Problem | undefined,
  isUntaken: boolean,
  origin: string,
): string {
  if (problem === undefined) return "You have left.";
  switch (closingOf(problem)) {
    case "deleted":
      return "The document was deleted. Its text is in this tab as long as it is open: copy it if you need it. To open it again begins a new one.";
    case "too_large":
      return `The document, or what was put into it at once, is too large for the server, which did not take it. ${isUntaken ? "Copy what you need, discard what was not taken, and put in less." : "Open it again, and put in less."}`;
    case "signed_out":
      return `Your sign-in is no longer valid. Sign in again${isUntaken ? ": what you wrote last is not on the server yet, and goes out then" : ""}.`;
    case "other":
      // What is not found is no message here, as that page has it: a team's own rule says so.
      return problem.code === "not_found" ? problem.message : entryWords(problem, origin);
  }
}

/** What stands where there is no text. */
export function placeholderWords(state: DocumentState, mayWrite: boolean): string {
  if (!state.isSynced) return state.connection.state === "closed" ? "" : "Opening the document…";
  return mayWrite
    ? "Write here. Everybody who has this page open sees it at once."
    : "Nothing is written here yet.";
}

/** Who kept a version, in words. */
export function authorWords({ by }: DocumentVersion, people: readonly Person[]): string {
  if (by === "system") return "kept by itself";
  const [me] = people;
  if (by === me?.id) return "by you";
  const known = people.find(({ id }) => id === by);
  if (known !== undefined) return `by ${isolated(known.name)}`;
  return by.startsWith("guest-") ? `by a guest ·${by.slice(-4)}` : `by ${shownId(by)}`;
}
