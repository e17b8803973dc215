import { pause } from "../../../support/pause.ts";
import { ArenaCrowd } from "../../load/games/arena-crowd.ts";
import { type ArenaSize, gameServers } from "../../servers/games.ts";
import type { Running, Server } from "../../servers/server.ts";
import { percentile } from "../../statistics.ts";
import { withServer } from "../lifetime.ts";
import { meter } from "../meter.ts";
import { type Column, ratio, type Sample, type Scenario, type Target } from "../scenario.ts";

/** A game that is measured. */
interface Playing extends ArenaSize {
  /** How often a second a walker says anew where it goes; 0 for only when that changes. */
  readonly aimHz?: number;
  /** Whether it is only to be seen that everything works: no figure means much then. */
  readonly isBrief?: true;
}

const IDLE_MS = 1_000;
/**
 * How long they play before it counts, and while it does; and what of the ticks asked for a server must
 * make at least, or its figures are not of the same work.
 */
const WHOLE = { warmUpMs: 6_000, ms: 8_000, leastTicks: 0.5 } as const;
const BRIEF = { warmUpMs: 300, ms: 1_000, leastTicks: 0.2 } as const;
const OURS = "hibiki-game";
const PEER = "colyseus";

const COLUMNS: readonly Column[] = [
  { key: "cpuPerTick", label: "server CPU µs / tick", digits: 0 },
  { key: "bytesPerTick", label: "bytes / tick and reader", digits: 0 },
  { key: "p50", label: "p50 ms off", digits: 2 },
  { key: "p95", label: "p95 ms off", digits: 1 },
  { key: "p99", label: "p99 ms off", digits: 1 },
  { key: "perSecond", label: "ticks / s", digits: 1 },
  { key: "corePercent", label: "% of a core", digits: 1 },
  { key: "cpuPerSend", label: "server CPU µs / tick and reader", digits: 1 },
  { key: "loadCpuPerTick", label: "load tool CPU µs / tick", digits: 0 },
];

/** People in an arena, of whom every second one walks. */
export function playing(options: Playing): Scenario {
  const { players, tickHz, aimHz = 0, isBrief } = options;
  const isAimed = aimHz > 0;
  const { ms } = isBrief ? BRIEF : WHOLE;
  const saying = isAimed ? `say where ${aimHz} times a second` : "turn twice a second";
  return {
    name: isBrief ? "smoke-game" : `game-${players}-${tickHz}${isAimed ? "-aimed" : ""}`,
    group: "game",
    title: `Games: ${players} players at ${tickHz} ticks a second, half of them walk and ${saying}`,
    servers: gameServers(options),
    columns: COLUMNS,
    targets: isBrief ? [] : targetsAt(tickHz),
    notes: [
      `Everybody reads; nobody decodes. A tick is a message of the game at a reader. What is off is how much longer or shorter than ${(1_000 / tickHz).toFixed(1)} ms it was since the tick before, over all readers for ${ms / 1_000} s: a tick that is late makes two gaps wrong. CPU is that of the server's processes without what it takes when nobody is there.`,
      "Both coordinates of whoever walks change with each tick, in tenths: Colyseus tells the fields that changed as int16, Hibiki the whole row. `empty-ticks` is the platform's price: an object that sends as many bytes to the same sockets by the same timer and hears the same frames.",
    ],
    openFiles: 2 * players + 200,
    run: (server) => withServer(server, (running) => run(server, running, options)),
  };
}

async function run(server: Server, running: Running, options: Playing): Promise<Sample> {
  const { players, tickHz, aimHz = 0, isBrief } = options;
  const { warmUpMs, ms: playedMs, leastTicks } = isBrief ? BRIEF : WHOLE;
  if (server.gamesAt === undefined) throw new Error(`${server.name} has no games.`);
  const idle = await meter(running, () => pause(IDLE_MS));
  const crowd = await ArenaCrowd.gather(server.gamesAt(running.port), {
    players,
    walkers: players / 2,
  });
  try {
    await crowd.play(warmUpMs, aimHz);
    const {
      value: played,
      serverCpuMs,
      loadCpuMs,
      wallMs,
    } = await meter(running, () => crowd.play(playedMs, aimHz));
    const { ticks, bytes, gapsMs, ms } = played;
    const perSecond = (ticks * 1_000) / ms;
    if (perSecond < tickHz * leastTicks) {
      throw new Error(`It told of ${perSecond.toFixed(1)} ticks a second in place of ${tickHz}.`);
    }
    const cpuMs = serverCpuMs - (idle.serverCpuMs * wallMs) / idle.wallMs;
    const off = gapsMs.map((gap) => Math.abs(gap - 1_000 / tickHz));
    return {
      cpuPerTick: (cpuMs * 1_000) / ticks,
      bytesPerTick: bytes / players / ticks,
      p50: percentile(off, 50),
      p95: percentile(off, 95),
      p99: percentile(off, 99),
      perSecond,
      corePercent: (cpuMs * 100) / wallMs,
      cpuPerSend: (cpuMs * 1_000) / ticks / players,
      loadCpuPerTick: (loadCpuMs * 1_000) / ticks,
    };
  } finally {
    crowd.leave();
  }
}

function targetsAt(tickHz: number): readonly Target[] {
  const steadily: Target = {
    kind: "figure",
    column: "p99",
    of: OURS,
    atMost: 10,
    judgedBy: "median",
    text: "p99 of ticks at most 10 ms off",
  };
  return [
    ratio("cpuPerTick", PEER, OURS, 1 / 1.8, "at most 1.8 × the server CPU of Colyseus"),
    ratio("bytesPerTick", PEER, OURS, 1 / 1.15, "at most 1.15 × its bytes"),
    ...(tickHz === 30 ? [steadily] : []),
  ];
}
