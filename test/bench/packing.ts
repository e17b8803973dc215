// What it takes to pack one flush in which everybody publishes: `node test/bench/packing.ts`. In this
// process and without a server, so that nothing but the packing is in it.
import { EncodedFrame } from "../../src/protocol/encoded-frame.ts";
import { DEFAULT_LIMITS } from "../../src/protocol/settings.ts";
import { type Connection, openConnection } from "../../src/room/connections/connection.ts";
import type { Outgoing } from "../../src/room/hooks/effect.ts";
import { fanOut } from "../../src/room/outlet/fan-out.ts";
import { percentile } from "./statistics.ts";

const ROUNDS = 100;
const NOW = Date.UTC(2026, 0, 1);

/** Who hears what they published themselves. */
type Echo = "all hear all" | "asked for their echo" | "told to the others";

for (const people of [300, 1_000]) {
  for (const echo of ["all hear all", "asked for their echo", "told to the others"] as const) {
    const times = Array.from({ length: ROUNDS }, () => packOnce(people, echo));
    console.log(
      `${people} people, ${people} values, ${echo}: ${percentile(times, 50).toFixed(2)} ms a flush`,
    );
  }
}

/** Packs one flush whose frames are encoded already. Returns how long it took, in milliseconds. */
function packOnce(people: number, echo: Echo): number {
  const connections = Array.from({ length: people }, (_, index) => connection(index, echo));
  const outgoing = connections.map(({ id }, index) => published(id, index, echo));
  const startedAt = performance.now();
  const parcels = fanOut(connections, outgoing, NOW);
  while (!parcels.next(NOW).done);
  return performance.now() - startedAt;
}

function connection(index: number, echo: Echo): Connection {
  const session = {
    userId: `user-${index}`,
    name: `User ${index}`,
    permissions: ["read", "publish"] as const,
    expiresAt: NOW + 3_600_000,
    wire: "json" as const,
    transport: "websocket" as const,
    address: "::1",
    connectedAt: NOW,
    ...(echo === "asked for their echo" ? { echo: true as const } : {}),
  };
  return openConnection(
    `connection-${index}`,
    { ...session, permissions: [...session.permissions] },
    DEFAULT_LIMITS,
    NOW,
  );
}

function published(connectionId: string, index: number, echo: Echo): Outgoing {
  const frame = EncodedFrame.of({
    type: "event",
    timestamp: new Date(NOW).toISOString(),
    payload: { event: "move", data: "x".repeat(100), userId: `user-${index}` },
  });
  // Encoding is the same for all, and not packing.
  void frame.json;
  return echo === "all hear all"
    ? { audience: { to: "all" }, frame, place: index + 1 }
    : { audience: { to: "all-but-connection", connectionId }, frame, place: index + 1 };
}
