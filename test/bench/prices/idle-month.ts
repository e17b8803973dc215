import { addCosts, type Billed, type Cost, costOf, MONTH_S, NOTHING_BILLED } from "./cloudflare.ts";

const DAY_S = 86_400;
const HOUR_S = 3_600;
/** The default of HEARTBEAT_SWEEP_MS. */
const SWEEP_S = 120;
/** A sweep also comes by the next end of a token, and the SDK renews this long ahead of that. */
const RENEWED_AHEAD_S = 60;

/** What was counted of a room whose people are idle. */
export interface IdleCounted {
  /** One sweep for dead peers. */
  readonly sweep: Billed;
  /** One person who left and came back: a connect, and a report for each. */
  readonly visit: Billed;
  /** One token renewed. */
  readonly renewal: Billed;
  /** CPU of letting one in: at most what the Worker and the room take for that. */
  readonly joinCpuMs: number;
}

/** What a month of idling costs. */
export interface IdleMonth {
  readonly sweeps: Cost;
  /** Everyone leaves and comes back once a day, and nobody shares a report. */
  readonly visits: Cost;
  /** The whole month. */
  readonly all: Cost;
  /** The whole month when each has a token of an hour, and so renews it once an hour. */
  readonly withHourlyTokens: Cost;
}

/** Reckons a month for so many users of one room. */
export function idleMonth(counted: IdleCounted, users: number): IdleMonth {
  const { sweep, visit, renewal, joinCpuMs } = counted;
  const sweeps = costOf(sweep, MONTH_S / SWEEP_S);
  const days = (users * MONTH_S) / DAY_S;
  // Telling the others costs about as much when one leaves.
  const doors = { ...NOTHING_BILLED, calls: 1, activeSeconds: (2 * joinCpuMs) / 1000 };
  const entering = costOf(doors, days, { requests: 1, cpuMs: joinCpuMs });
  const bothReports = { ...visit, calls: visit.calls - 1 };
  const visits = addCosts(entering, costOf(bothReports, days));
  const renewals = costOf(
    { ...renewal, activeSeconds: joinCpuMs / 1000 },
    (users * MONTH_S) / HOUR_S,
  );
  const hourlySweeps = costOf(sweep, MONTH_S / RENEWED_AHEAD_S);
  // A sweep finds the room awake by a renewal, and reports it.
  const sweptReports = costOf(bothReports, MONTH_S / RENEWED_AHEAD_S / 2);
  const withHourlyTokens = [visits, renewals, sweptReports].reduce(addCosts, hourlySweeps);
  return { sweeps, visits, all: addCosts(visits, sweeps), withHourlyTokens };
}
