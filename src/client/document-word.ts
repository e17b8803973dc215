import { closeOf } from "../protocol/close-code.ts";
import { DOCUMENT_DELETED } from "../protocol/deleted-document.ts";
import type { ErrorCode, Refusal } from "../protocol/error.ts";

/** What the server says to those who have a document open while it is deleted (P17.14). */
const DELETED = "deleted";

/** What a refusal on the wire of documents says (P17.9): `<code>: <message>`. */
export function wordOf(reason: string): Refusal {
  if (reason === DELETED) return final("not_found", DOCUMENT_DELETED);
  const [, code = "access_denied", message = reason] =
    /^([a-z][a-z0-9_]*): (.*)$/s.exec(reason) ?? [];
  // A team's own rules have codes of their own.
  return final(code as ErrorCode, message);
}

/** What a close for good says, where nobody has said a word before. */
export function wordOfClose(code: number): Refusal | undefined {
  if (code === TOO_LARGE) return final("too_large", "A frame, or the document, was too large.");
  if (!isFinal(code)) return undefined;
  return final(closeOf(code).error as ErrorCode, `It was closed for good (close code ${code}).`);
}

/** Whether whoever is closed so stays away (P17.9): but for a token's end, which another one cures. */
export function isFinal(code: number): boolean {
  return code >= 4400 && code <= 4499 && code !== UNAUTHORIZED;
}

const TOO_LARGE = 4413;
const UNAUTHORIZED = 4401;

function final(code: ErrorCode, message: string): Refusal {
  return { code, message, retryable: false };
}
