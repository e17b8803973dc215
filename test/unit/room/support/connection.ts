import { readSettings } from "../../../../src/protocol/settings.ts";
import type { Wire } from "../../../../src/protocol/subprotocol.ts";
import { type Connection, openConnection } from "../../../../src/room/connection.ts";
import { T0 } from "./scene.ts";

/** The default limits, but for what `vars` say. */
export function limits(vars: Readonly<Record<string, string>> = {}) {
  const read = readSettings({ AUTH_SECRET: "a-secret-of-the-unit-tests-of-a-room", ...vars });
  if (!read.ok) throw new Error(read.problem);
  return read.settings.limits;
}

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
  return { ...openConnection(id, session, limits(), T0), joinedAt };
}
