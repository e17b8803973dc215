import type { Permission } from "../grant.ts";

/** The request that says over HTTP what a frame says. */
export interface FrameRoute {
  readonly method: "POST" | "PATCH" | "DELETE";
  /**
   * Below the server's own. What stands behind a colon is the room's name, its owner's id for an
   * inbox, or a field of the payload; the other fields are the body.
   */
  readonly path: `/v1/${string}`;
  /** The answer when it is done. What had been stored before is answered with 200. */
  readonly status: 200 | 201 | 202 | 204;
}

/** What is fixed of a type of frame that clients or backends send. */
export interface ClientFrameRow {
  /** It is stored: it needs a messageId, and its `ack` has a `savedId`. */
  readonly durable?: true;
  /** Any one of these grants is needed, whatever the payload names. What else is needed, its kind decides. */
  readonly needs?: readonly Permission[];
  /** It is no client's to send: a backend says it over HTTP, or another room. */
  readonly backendOnly?: true;
  /** It speaks in a user's name: a backend says in whose. */
  readonly asUser?: true;
  /** It may be said more than once without harm, although it is not stored. */
  readonly idempotent?: true;
  /**
   * Only the newest of a connection counts: without a messageId it has a quota of its own, and what comes
   * faster than it is told replaces what waits.
   */
  readonly conflated?: true;
  readonly http?: FrameRoute;
  /** The frames that others are told because of it. */
  readonly tells?: readonly string[];
}

/** What is fixed of a type of frame that the server sends. */
export interface ServerFrameRow {
  /** It is an event of the log, and carries a `seq`. */
  readonly durable?: true;
  /** It is said to a client's own socket alone: streams and polls never carry it. */
  readonly socketOnly?: true;
}

/** A row for each client frame of which there is a payload type. */
export type ClientFrameRows<Payloads> = { readonly [Type in keyof Payloads]: ClientFrameRow };

/** A row for each server frame of which there is a payload type. */
export type ServerFrameRows<Payloads> = { readonly [Type in keyof Payloads]: ServerFrameRow };
