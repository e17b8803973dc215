/**
 * Cloudflare's prices beyond what the paid plan includes, in dollars (developers.cloudflare.com,
 * durable-objects/platform/pricing and workers/platform/pricing, read 2026-11-25 from stored copies).
 */
const PRICES = {
  objectRequests: 0.15 / 1e6,
  /** Incoming WebSocket messages count as a twentieth of a request. */
  messagesPerRequest: 20,
  /** Setting an alarm is one of these. */
  rowsWritten: 1 / 1e6,
  rowsRead: 0.001 / 1e6,
  gigabyteSeconds: 12.5 / 1e6,
  objectGigabytes: 0.128,
  workerRequests: 0.3 / 1e6,
  workerCpuMs: 0.02 / 1e6,
} as const;

/** 365.25 days over 12. */
export const MONTH_S = 2_629_800;

/** What objects did that is billed. */
export interface Billed {
  /** Frames that came in. */
  readonly incoming: number;
  /** Requests: upgrades, RPC, alarms. */
  readonly calls: number;
  /** Alarms that were set among them. */
  readonly rowsWritten: number;
  readonly rowsRead: number;
  readonly activeSeconds: number;
}

/** What the Worker in front of them did that is billed. */
export interface WorkerBilled {
  readonly requests: number;
  readonly cpuMs: number;
}

/** Dollars. */
export interface Cost {
  readonly requests: number;
  readonly rows: number;
  readonly duration: number;
  readonly worker: number;
  readonly total: number;
}

/** Nothing. */
export const NOTHING_BILLED: Billed = {
  incoming: 0,
  calls: 0,
  rowsWritten: 0,
  rowsRead: 0,
  activeSeconds: 0,
};

const NO_WORKER: WorkerBilled = { requests: 0, cpuMs: 0 };

/** What so much costs when it happens `times` times. */
export function costOf(
  { incoming, calls, rowsWritten, rowsRead, activeSeconds }: Billed,
  times: number,
  { requests: workerRequests, cpuMs }: WorkerBilled = NO_WORKER,
): Cost {
  const billedRequests = incoming / PRICES.messagesPerRequest + calls;
  const requests = times * billedRequests * PRICES.objectRequests;
  const rows = times * (rowsWritten * PRICES.rowsWritten + rowsRead * PRICES.rowsRead);
  const gigabyteSeconds = activeSeconds * PRICES.objectGigabytes;
  const duration = times * gigabyteSeconds * PRICES.gigabyteSeconds;
  const worker = times * (workerRequests * PRICES.workerRequests + cpuMs * PRICES.workerCpuMs);
  return { requests, rows, duration, worker, total: requests + rows + duration + worker };
}

/** Two costs together. */
export function addCosts(a: Cost, b: Cost): Cost {
  return {
    requests: a.requests + b.requests,
    rows: a.rows + b.rows,
    duration: a.duration + b.duration,
    worker: a.worker + b.worker,
    total: a.total + b.total,
  };
}
