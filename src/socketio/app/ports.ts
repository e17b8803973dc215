import type { Close } from "../../protocol/close.ts";
import type { Cursor } from "../../protocol/cursor.ts";
import type { Refusal } from "../../protocol/error.ts";
import type { User } from "../../protocol/message.ts";
import type { GatewayLimits } from "../../room/quota/gateway-quota.ts";
import type { Readings } from "./readings.ts";

/** Somebody with a verified token. */
export interface Member {
  readonly userId: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly token: string;
}

/** The rooms that a client is in. */
export interface AppRooms {
  /** Goes into a room; what it tells follows, a greeting first, or that it was left. */
  join(room: string, how: { readonly cursor?: Cursor; readonly history: number }): void;
  /** Says a frame, as JSON text, to a room that was entered. */
  send(room: string, frame: string): void;
  /** Leaves a room, which takes it as this close. */
  leave(room: string, close: Close): void;
  /** Who is in a room now. */
  users(room: string): Promise<readonly User[]>;
  /** Goes on by a newer token of the same user. */
  renew(member: Member): void;
  /** Ends all visits; nothing more is heard. */
  close(close: Close): void;
}

/** What rooms tell. */
export interface RoomsListener {
  /** A message of a room as it came: a frame, or a batch. */
  frames(room: string, message: string): void;
  /** A visit is over, and not because the client left; or it never began, for such a reason. */
  left(room: string, close: Close, why?: Refusal): void;
}

/**
 * What a client came back to: all that it missed; to a beginning, for what it brought is none of ours or
 * another's; or to one, for a room has forgotten what happened since.
 */
export type CameBack = "recovered" | "unknown" | "forgotten";

/** What the default app needs of the world. */
export interface AppPorts {
  /** @throws {ProtocolError} as `Verifier.verify` does, or `rate_limited`. */
  verify(token: string): Promise<Member>;
  /** A client that was here before has come back, to this. */
  cameBack(how: CameBack): void;
  openRooms(member: Member, listener: RoomsListener): AppRooms;
  /** The id of a client's socket, by what it brings back when it comes again, and whose it is. */
  sidOf(pid: string, userId: string): Promise<string>;
  /** A text that nobody guesses, of 20 or more of `A-Z a-z 0-9 _ -`. */
  newId(): string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Between 0 and 1. */
  chance(): number;
  /** Acts after so many milliseconds, unless what it returns is called before. */
  after(ms: number, act: () => void): () => void;
  /** Shared by all clients of a Worker. */
  readonly readings: Readings;
  readonly limits: GatewayLimits & {
    readonly frameBytes: number;
    /** Of what a client sends in binary. */
    readonly packetBytes: number;
  };
}

/** What a stay asks of whoever began it. */
export interface StayOwner {
  /** Each room is entered, or lost for good. */
  settled(): void;
  /** A room no longer knows what happened since its client was there last. */
  strayed(): void;
  /** The token's end has come. */
  expired(): void;
  /** The member has brought a newer token. */
  renewed(): void;
}

/** What carries a session: a connection of Engine.IO. */
export interface AppConnection {
  readonly handshake: { readonly query: Readonly<Record<string, string>> };
  send(message: string | Uint8Array): void;
  /** Ends it; a stock client comes back by itself unless it was sent away. */
  close(reason: "forced close" | "parse error"): void;
}

/** An earlier session, of another Worker, with which another goes on. */
export interface Resumed {
  /** What its `handover` said. */
  readonly state: string;
  /** Called when its rooms are entered, and the earlier one may let go of them. */
  taken(): void;
}
