import type { Sample, Scenario } from "./scenarios/scenario.ts";
import type { Server } from "./servers/server.ts";

/** What one server measured in each round; a round that failed has its reason instead. */
export interface Series {
  readonly server: Server;
  readonly rounds: readonly (Sample | Failure)[];
}

/** A run that did not come to an end, or lost or doubled a message. */
export interface Failure {
  readonly failure: string;
}

/** Whether a round failed. */
export function isFailure(round: Sample | Failure | undefined): round is Failure {
  return round !== undefined && "failure" in round;
}

/**
 * Run 1 of every server, then run 2 of every server, and so on, so that noise falls on all. Each
 * round begins with another server: none is always the one that finds the machine at rest.
 */
export async function interleave(
  scenario: Scenario,
  servers: readonly Server[],
  runs: number,
  say: (line: string) => void,
): Promise<readonly Series[]> {
  const series = servers.map((server) => ({ server, rounds: [] as (Sample | Failure)[] }));
  for (let round = 1; round <= runs; round++) {
    const first = (round - 1) % series.length;
    for (const { server, rounds } of [...series.slice(first), ...series.slice(0, first)]) {
      const result = await attempt(scenario, server);
      rounds.push(result);
      say(`${scenario.name} ${round}/${runs} ${server.name}: ${describe(result)}`);
    }
  }
  return series;
}

async function attempt(scenario: Scenario, server: Server): Promise<Sample | Failure> {
  try {
    return await scenario.run(server);
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

function describe(result: Sample | Failure): string {
  if (isFailure(result)) return `FAILED: ${result.failure}`;
  return Object.entries(result)
    .map(([key, figure]) => `${key} ${Number(figure.toPrecision(4))}`)
    .join(", ");
}
