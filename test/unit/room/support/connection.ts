import type { Wire } from "../../../../src/protocol/subprotocol.ts";
import { type Connection, openConnection } from "../../../../src/room/connections/connection.ts";
import { limitsOf } from "../../../../src/testing/room-life.ts";
import { T0 } from "./scene.ts";

/** A connection that was opened at T0. */
export function connection(
  id: string,
  { userId = id, wire = "json" as Wire, joinedAt = 0, expiresAt = T0 + 60_000 } = {},
): Connection {
  const session = {
    userId,
    name: userId,
    permissions: [],
    expiresAt,
    wire,
    transport: "websocket" as const,
    address: "a",
    connectedAt: T0,
  };
  return { ...openConnection(id, session, limitsOf(), T0), joinedAt };
}
