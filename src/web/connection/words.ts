import { ORIGIN_REFUSED } from "../../protocol/origin-refusal.ts";
import { type Connection, DISPLACED, type Problem } from "./connection.ts";

const OFFLINE = "Offline. Reconnects when the network is back.";

/** What the connection is doing, in words; `countdown` changes every second and is not read out. */
export function connectionWords(
  connection: Connection,
  online: boolean,
  nowMs: number,
): { readonly words: string; readonly countdown: string } {
  switch (connection.state) {
    case "open":
      // The network may be gone a while before the connection notices.
      return { words: online ? "Connected" : OFFLINE, countdown: "" };
    case "connecting":
      return { words: online ? "Connecting…" : OFFLINE, countdown: "" };
    case "reconnecting":
      if (!online) return { words: OFFLINE, countdown: "" };
      if (connection.refusal?.code === DISPLACED) {
        return {
          words: "Paused: open in too many places, back",
          countdown: countdown(connection.retryAtMs, nowMs),
        };
      }
      return {
        words: `${connection.refusal === undefined ? "Reconnecting" : "Not let in"}, try ${connection.attempt}`,
        countdown: countdown(connection.retryAtMs, nowMs),
      };
    case "closed":
      return { words: "Disconnected", countdown: "" };
  }
}

function countdown(atMs: number | undefined, nowMs: number): string {
  const seconds = atMs === undefined ? 0 : Math.ceil((atMs - nowMs) / 1_000);
  return seconds > 0 ? ` in ${seconds} s…` : "…";
}

/** Codes of what came to nothing because nobody answered. */
const UNANSWERED: ReadonlySet<string> = new Set(["disconnected", "timeout", "unreachable"]);

/** What was refused and what to do about it, in words. */
export function problemWords(problem: Problem): string {
  if (problem.outcome !== "unknown") return refusalWords(problem);
  return UNANSWERED.has(problem.code)
    ? "The connection was lost before the server answered, so it may have this or not. Try again: it is stored once either way. Or enter again and look."
    : `An earlier try of this may be stored, look whether it is. This one was refused: ${refusalWords(problem)}`;
}

function refusalWords({ code, message, retryAfterMs }: Problem): string {
  switch (code) {
    case "rate_limited":
      return `That was too fast. Wait ${seconds(retryAfterMs)} and try again.`;
    case "too_many_connections":
      return "There are too many connections from your network. Close another tab of this room.";
    case "banned":
      return "You are banned from this room.";
    case "too_large":
      return "That is too long to send. Shorten it and try again.";
    case "token_expired":
    case "unauthorized":
      return "Your sign-in is no longer valid. Sign in again.";
    case "not_configured":
      return `The server is not set up yet. ${message}`;
    case "not_found":
      return "That message is no longer there.";
    case "timeout":
      return "The server did not answer in time. Try again.";
    case "disconnected":
      return "The connection was closed before this was sent.";
    case "reset":
      return "The room began anew, so what this was about is gone.";
    case "outbox_full":
      return "Too much is waiting to be sent already. Wait for the connection.";
    case "internal":
      return "The server could not do that. Try again.";
    case "unreachable":
      return "The server cannot be reached. Check the network and try again.";
    case "invalid_frame":
    case "invalid_request":
      return `The server does not take this: ${withoutPlace(message)}.`;
    default:
      return message;
  }
}

/** Why one is not there: by one's own wish when there is no problem, else as {@link entryWords} has it. */
export function closedWords(problem: Problem | undefined, origin: string): string {
  return problem === undefined ? "You have left." : entryWords(problem, origin);
}

/**
 * Why one is no longer connected, or not let in, and what to do about it, in words.
 *
 * @param origin where this page is open.
 */
export function entryWords(problem: Problem, origin: string): string {
  switch (problem.code) {
    case "access_denied":
      if (problem.message === ORIGIN_REFUSED) {
        return `This server takes no connections from pages at ${origin}: its setting ALLOWED_ORIGINS lacks this address. Whoever runs it has to add ${origin} there; or open this page at an address that is listed.`;
      }
      return `You have no access here: ${denialOf(problem)} Ask whoever runs it, or sign in as someone else.`;
    case "banned":
      return "You are banned from this room. Ask a moderator to lift the ban, or wait until it ends.";
    case "too_many_connections":
      return "There are too many connections to this room, from you or from your network. Close other tabs and devices that are in it; you are let in as soon as there is a place.";
    case DISPLACED:
      return "You have this room open in too many tabs or on too many devices, and a newer one took the place of this one. Close some of them. This one comes back when you return to it, or by itself after a while.";
    case "rate_limited":
      return "This room was entered, or written to, too often in a short time. Wait a little: you are let in again by itself.";
    case "invalid_frame":
    case "invalid_request":
    case "unknown_type":
      return `The server did not understand this page: it may be older than the server. Load it again. (${problem.message})`;
    default:
      return problemWords(problem);
  }
}

/** What the SDK says when the server closed the connection without a word of its own. */
const NO_WORD = /\(close code \d+\)/;

function denialOf({ message }: Problem): string {
  return NO_WORD.test(message)
    ? "your sign-in does not open this room, a moderator has removed you, or the room was deleted."
    : message.charAt(0).toLowerCase() + message.slice(1);
}

/** Where in a frame something was wrong is for whoever writes a client, and nobody else. */
function withoutPlace(message: string): string {
  return message
    .replace(/^[\w.]+: /, "")
    .replace(/^must /, "it must ")
    .replace(/\.$/, "");
}

function seconds(ms: number | undefined): string {
  const whole = Math.ceil((ms ?? 1_000) / 1_000);
  return whole === 1 ? "a second" : `${whole} seconds`;
}
