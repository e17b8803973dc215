import { pause } from "../../../support/pause.ts";
import { ArenaCrowd } from "../../load/games/arena-crowd.ts";
import { costOf } from "../../prices/cloudflare.ts";
import { countedGame } from "../../servers/games.ts";
import { billed, objectCounts, sinceAll } from "../../servers/object-counts.ts";
import type { Running, Server } from "../../servers/server.ts";
import { withServer } from "../lifetime.ts";
import type { Sample, Scenario } from "../scenario.ts";

const HOUR_S = 3_600;
const PLAYERS = 10;
const WARM_UP_MS = 1_000;
const MS = 20_000;
/** The default of METRICS_REPORT_MS, and what a report takes. */
const REPORTED_MS = 8_700;

/** A room of ten, all of whom walk. */
interface Room {
  readonly server: Server;
  /** How often a second each says anew where it goes; 0 for only when that changes. */
  readonly aimHz: number;
}

const ROOMS: readonly Room[] = [
  roomAt(20, 0, "by keys: they say something twice a second"),
  roomAt(20, 20, "by a stick: they say something each tick"),
  roomAt(60, 0, "by keys: they say something twice a second"),
  roomAt(60, 60, "by a stick: they say something each tick"),
];

/** What an hour of play costs by the platform's prices. */
export const costingGames: Scenario = {
  name: "game-cost",
  group: "game",
  title: `Games: cost of an hour in a room of ${PLAYERS}, at 20 and at 60 ticks a second`,
  servers: ROOMS.map(({ server }) => server),
  columns: [
    { key: "total", label: "$ / hour", digits: 4 },
    { key: "requests", label: "$ requests", digits: 4 },
    { key: "rows", label: "$ rows", digits: 4 },
    { key: "duration", label: "$ active time", digits: 4 },
    { key: "inPerSecond", label: "frames in / s", digits: 1 },
    { key: "rowsPerSecond", label: "rows written / s", digits: 2 },
  ],
  targets: [],
  notes: [
    `Counted by \`workers/counting-objects.ts\` over ${MS / 1_000} s of play, with the reports that fall into it, and taken times ${(HOUR_S * 1_000) / MS}. The object is active all the time, whatever the rate; frames out cost nothing; the Worker's part, an upgrade each, is left out. The arena keeps nothing: a game whose \`save\` answers something new each second writes a row a second, $${((HOUR_S * 1) / 1e6).toFixed(4)} an hour.`,
  ],
  openFiles: 200,
  run: (server) => withServer(server, (running) => run(server, running)),
};

function roomAt(tickHz: number, aimHz: number, marks: string): Room {
  const name = `hibiki-game-${tickHz}-${aimHz === 0 ? "keys" : "stick"}`;
  return { server: countedGame(name, marks, tickHz), aimHz };
}

async function run(server: Server, running: Running): Promise<Sample> {
  const room = ROOMS.find((one) => one.server === server);
  if (room === undefined || server.gamesAt === undefined) {
    throw new Error(`${server.name} is not counted.`);
  }
  const size = { players: PLAYERS, walkers: PLAYERS };
  const crowd = await ArenaCrowd.gather(server.gamesAt(running.port), size);
  try {
    await crowd.play(WARM_UP_MS, room.aimHz);
    // What they came with is reported by then.
    await pause(REPORTED_MS);
    const before = await objectCounts(running);
    await crowd.play(MS, room.aimHz);
    const bill = billed(sinceAll(before, await objectCounts(running)));
    const cost = costOf({ ...bill, activeSeconds: MS / 1_000 }, (HOUR_S * 1_000) / MS);
    return {
      ...cost,
      inPerSecond: (bill.incoming * 1_000) / MS,
      rowsPerSecond: (bill.rowsWritten * 1_000) / MS,
    };
  } finally {
    crowd.leave();
  }
}
