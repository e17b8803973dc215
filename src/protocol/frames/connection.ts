import type { Ack } from "../ack.ts";
import type { Refusal } from "../error.ts";
import type { Permission } from "../grant.ts";
import type { JoinedRoom } from "../greeting.ts";
import type { Json } from "../json.ts";
import type { User } from "../message.ts";
import type { ClientFrameRows, ServerFrameRows } from "./row.ts";

/** A place in what a connection is told: whoever says its id has read that far. */
export interface Mark {
  readonly id: string;
}

/** What somebody may do in a room, and what its rules know of them. */
export interface You {
  readonly can: readonly Permission[];
  readonly member?: Json;
}

/** What is sent about the connection itself, in every kind of room. */
export interface ConnectionClientPayloads {
  readonly refresh_token: { readonly token: string };
  readonly leave_room: undefined;
  readonly ping: undefined;
  /** The answer to a mark, which came on this very connection. */
  readonly read_mark: Mark;
}

/** What is told of connections, in every kind of room. */
export interface ConnectionServerPayloads {
  readonly joined_room: JoinedRoom;
  readonly user_joined: User;
  readonly user_left: User;
  readonly token_refreshed: { readonly expiresAt: string };
  readonly you: You;
  readonly ack: Ack;
  readonly error: Refusal;
  readonly pong: undefined;
  readonly mark: Mark;
}

/** The frames that every kind of room takes. */
export const CONNECTION_CLIENT_FRAMES = {
  refresh_token: { tells: ["token_refreshed"] },
  leave_room: {},
  ping: { tells: ["pong"] },
  read_mark: {},
} as const satisfies ClientFrameRows<ConnectionClientPayloads>;

/** The frames that every kind of room sends. */
export const CONNECTION_SERVER_FRAMES = {
  joined_room: {},
  user_joined: {},
  user_left: {},
  token_refreshed: { socketOnly: true },
  you: {},
  ack: { socketOnly: true },
  error: {},
  pong: { socketOnly: true },
  mark: { socketOnly: true },
} as const satisfies ServerFrameRows<ConnectionServerPayloads>;
