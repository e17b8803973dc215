import { type Refusal, refusal } from "./error.ts";
import { BOUNDS } from "./limits.ts";

/** What ends a connection or a request whose token has run out. */
export const TOKEN_EXPIRED = refusal("token_expired", "The token has expired; bring a new one.");

/** What a connection is told that brings a token which is not its own user's. */
export const OTHER_USERS_TOKEN = refusal("unauthorized", "The new token is another user's.");

/** What whoever brings no token is told. */
export const NO_TOKEN = refusal("unauthorized", "Bring a token: Authorization: Bearer <jwt>.");

/** What whoever brings something else is told: an API key with a slip, as like as not. */
export const NEITHER_CREDENTIAL = refusal(
  "unauthorized",
  "This is neither a token, which is a JWT, nor the API key of this server.",
);

/** What a user is told whose token has no grant for a room. */
export const NOTHING_GRANTED = refusal("access_denied", "Your token grants nothing in this room.");

/** What whoever is no backend is told where only that may act. */
export const BACKEND_ONLY = refusal("access_denied", "Only the API key may do this.");

/** What everybody in a room is told when the backend deletes it. */
export const ROOM_DELETED = refusal("access_denied", "This room was deleted.");

/** What a request is told that was about to change a Yjs document when the backend deleted it. */
export const DOCUMENT_DELETED = refusal("access_denied", "This document was deleted.");

/** What a request is told that names a version which a document has not, or no more. */
export const NO_VERSION = refusal("not_found", "There is no version of this id.");

/** A stream or a poll whose reader has gone is noticed within about this, in milliseconds. */
export const FULL_RETRY_MS = 15_000;

/** What newcomers are told when there are as many connections as a room may have. */
export const ROOM_FULL = refusal(
  "too_many_connections",
  "The room is full. Try again later.",
  FULL_RETRY_MS,
);

/** During a deployment, or after one was taken back, an object of older code may find a newer room. */
export const ROOM_IS_NEWER = refusal(
  "internal",
  "A newer version of Hibiki wrote this room. Finish the deployment of that version, then try again.",
);

/** A room that waits for a deployment is asked no more often than this, in milliseconds. */
const UNMIGRATED_RETRY_MS = 5_000;

/** What everybody is told of a room whose state today's contract cannot read; the log says what to write. */
export const ROOM_NOT_MIGRATED = refusal(
  "internal",
  "This room is closed until the server can read what an earlier version stored in it. Nothing is lost; try again later.",
  UNMIGRATED_RETRY_MS,
);

/** What is answered at a path that leads nowhere. */
export const NOTHING_HERE = refusal("not_found", "There is nothing at this path.");

/** What a request is told under whose key another one was accepted. */
export const KEY_TAKEN = refusal(
  "conflict",
  "This key was used for another request, which stands. Give every request a key of its own.",
);

/** What ends a connection that says too much for too long. */
export const FLOODING = refusal("rate_limited", "Too many frames; slow down.");

/** What ends a connection that says what cannot be read, again and again. */
export const TOO_MANY_BAD_FRAMES = refusal(
  "invalid_frame",
  `${BOUNDS.badFramesInARow} bad frames in a row; see the protocol.`,
);

/** What ends a connection that says a frame longer than may be. */
export function frameTooLarge(frameBytes: number): Refusal {
  return refusal("too_large", `A frame is at most ${frameBytes} bytes.`);
}

/** What a client learns of a fault of ours; the rest is for our log. */
export const OUR_FAULT = refusal("internal", "Something went wrong on our side. Try again.");

/** What the sender of one request is told when that request stumbles over our code or a kind's. */
export const REQUEST_FAILED = refusal(
  "internal",
  "Something went wrong on our side with this request alone; nothing changed.",
);

/** What somebody is told whom a rule of the room's kind could not be asked about. */
export const AUTHORIZE_UNAVAILABLE = refusal(
  "unavailable",
  "It could not be found out whether you may be here. Try again.",
  1_000,
);

/** What whoever is not connected is told of what waited for a review while it is asked anew who may be here. */
export const ASKED_ANEW = refusal(
  "unavailable",
  "It is being found out anew whether you may be here; nothing changed. Send it again.",
  1_000,
);

/** The same where the rule answered what is no answer. */
export const AUTHORIZE_RUBBISH = refusal(
  "internal",
  "The rule on who may be here answered what cannot be read; whoever runs this server finds it in the log.",
);

/** What somebody is told inside who may not read any more. */
export const NO_LONGER_TO_READ = refusal("access_denied", "You may not read here any more.");

/** What somebody is told inside whom the rule could not be asked about for longer than its answer stood. */
export const AUTHORITY_ENDED = refusal(
  "token_expired",
  "It could not be found out whether you may still be here. Come back with a new token.",
);
