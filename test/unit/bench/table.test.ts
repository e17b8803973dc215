import { expect, it } from "vitest";
import { tableOf } from "../../bench/report/table.ts";
import { verdict } from "../../bench/report/verdict.ts";
import type { Series } from "../../bench/rounds.ts";
import type { Scenario, Target } from "../../bench/scenarios/scenario.ts";

const FAILED = { failure: "one copy is missing" };
const TWICE: Target = {
  kind: "ratio",
  column: "cpu",
  of: "ws",
  to: "hibiki",
  atLeast: 2,
  text: "half the CPU",
};
const NONE_LOST: Target = {
  kind: "figure",
  column: "lost",
  of: "hibiki",
  atMost: 0,
  judgedBy: "worst",
  text: "none lost",
};

function series(name: string, rounds: Series["rounds"]): Series {
  const start = () => Promise.reject(new Error("Nothing is started here."));
  return { server: { name, marks: "", start }, rounds };
}

it("judges what must hold in every run by the worst", () => {
  const lossy = [series("hibiki", [{ lost: 0 }, { lost: 3 }, { lost: 0 }])];
  expect(verdict(NONE_LOST, lossy)).toBe(
    "- **missed**: none lost: 0.00 (0.00–3.00), wanted ≤ 0 in every run",
  );
  expect(verdict({ ...NONE_LOST, judgedBy: "median" }, lossy)).toMatch(/^- met/);
});

it.each(["hibiki", "ws"])("never calls a target met when a run of %s failed", (name) => {
  const all = ["hibiki", "ws"].map((one) => {
    const cpu = one === "ws" ? 6 : 1;
    return series(one, [{ cpu }, one === name ? FAILED : { cpu }, { cpu }]);
  });
  expect(verdict(TWICE, all)).toBe(
    `- **missed**: half the CPU: 1 of 3 runs of ${name} failed; 6.00× (6.00–6.00), wanted ws / hibiki ≥ 2`,
  );
});

it("has no figure where every run failed", () => {
  const all = [series("hibiki", [FAILED, FAILED]), series("ws", [{ cpu: 6 }, { cpu: 6 }])];
  expect(verdict(TWICE, all)).toBe(
    "- **missed**: half the CPU: 2 of 2 runs of hibiki failed, wanted ws / hibiki ≥ 2",
  );
  const table = tableOf(scenario, all, "npm run bench -- --only it");
  expect(table).toContain("| hibiki (0/2 runs) | – | – |");
  expect(table).not.toContain("NaN");
});

it("marks a cell where one run went beyond the bound", () => {
  const all = [series("hibiki", [{ cpu: 1 }, { cpu: 11 }, { cpu: 1 }])];
  expect(tableOf(scenario, all, "")).toContain("| hibiki | 1 (1–11) † |");
});

it("holds one server's figure against another column of another server", () => {
  const all = [series("hibiki", [{ cpu: 9, rooms: 1 }]), series("ws", [{ cpu: 6 }])];
  const rooms: Target = { ...TWICE, toColumn: "rooms" };
  expect(verdict(rooms, all)).toMatch(/^- met: half the CPU: 6\.00×/);
  expect(verdict(TWICE, all)).toMatch(/^- \*\*missed\*\*: half the CPU: 0\.667×/);
});

it("says nothing of a target whose other side was not measured", () => {
  expect(verdict(TWICE, [series("hibiki", [{ cpu: 1 }])])).toBeUndefined();
});

const scenario: Scenario = {
  name: "it",
  title: "It",
  servers: [],
  columns: [{ key: "cpu", label: "CPU", digits: 0, marksAbove: 10 }],
  targets: [],
  notes: [],
  openFiles: 0,
  run: () => Promise.reject(new Error("Nothing is run here.")),
};
