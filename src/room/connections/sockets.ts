import type { WireMessage } from "../../protocol/bundle.ts";
import type { Close } from "../../protocol/close.ts";
import type { Session } from "./connection.ts";

/** What a room needs of its sockets, by connection id. None of it throws when a socket is gone. */
export interface RoomSockets {
  send(id: string, message: WireMessage): void;
  close(id: string, close: Close): void;
  /** Keeps a session with its socket, so that it survives a hibernation. */
  save(id: string, session: Session): void;
  /** When the platform last answered this peer's ping for us, milliseconds since the epoch. */
  answeredAt(id: string): number | undefined;
}
