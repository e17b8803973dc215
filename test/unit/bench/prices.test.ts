import { expect, it } from "vitest";
import { costOf } from "../../bench/prices/cloudflare.ts";
import { idleMonth } from "../../bench/prices/idle-month.ts";
import { LIST_PRICES } from "../../bench/prices/list-prices.ts";

const NOTHING = { incoming: 0, calls: 0, rowsWritten: 0, rowsRead: 0, activeSeconds: 0 };

/** To half a cent. */
const DIGITS = 2;

it("prices a million of each by Cloudflare's list", () => {
  const cost = costOf(
    { incoming: 20, calls: 1, rowsWritten: 1, rowsRead: 1_000, activeSeconds: 1 },
    1e6,
    { requests: 1, cpuMs: 1 },
  );
  expect(cost.requests).toBeCloseTo(0.3, DIGITS);
  expect(cost.rows).toBeCloseTo(2, DIGITS);
  expect(cost.duration).toBeCloseTo(1.6, DIGITS);
  expect(cost.worker).toBeCloseTo(0.32, DIGITS);
  expect(cost.total).toBeCloseTo(4.22, DIGITS);
});

it("prices every coming and going of an idle month with a report of its own", () => {
  const sweep = { ...NOTHING, calls: 1, rowsWritten: 1 };
  const visit = { ...NOTHING, calls: 5, rowsWritten: 8 };
  const renewal = { ...NOTHING, incoming: 1 };
  const month = idleMonth({ sweep, visit, renewal, joinCpuMs: 0 }, 1_000);
  // 30.4375 days: 21,915 sweeps, and 30,437.5 times 5 object requests, 8 rows and a Worker request.
  expect(month.sweeps.total).toBeCloseTo(0.0252, 4);
  expect(month.visits.total).toBeCloseTo(0.2755, 4);
  expect(month.all.total).toBeCloseTo(0.3007, 4);
  // Twice the sweeps, each with a report of 2 requests and 4 rows, and 730,500 renewals.
  expect(month.withHourlyTokens.total).toBeCloseTo(0.2755 + 0.0504 + 0.1885 + 0.0055, 3);
});

it("counts a stored message at Ably as published, stored, and received by each", () => {
  const ably = LIST_PRICES.find(({ service }) => service === "Ably");
  expect(ably?.perMillion(10)).toBeCloseTo(12 * 2.5, DIGITS);
  expect(ably?.perMillion(1_000)).toBeCloseTo(50 * 2.5 + 450 * 2.25 + 502 * 1.95, DIGITS);
});
