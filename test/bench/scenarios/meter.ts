import type { Running } from "../servers/server.ts";
import type { Sample } from "./scenario.ts";

/** What a stretch of work cost the server and the load tool. */
export interface Metered<T> {
  readonly value: T;
  readonly serverCpuMs: number;
  /** The same of each of the server's processes, by what it is for; nothing where all do the same. */
  readonly partsCpuMs: Readonly<Record<string, number>>;
  readonly loadCpuMs: number;
  readonly wallMs: number;
}

/** Does the work and reads the meters before and after. */
export async function meter<T>(running: Running, work: () => Promise<T>): Promise<Metered<T>> {
  const startedAt = performance.now();
  const load = ownCpuMs();
  const parts = partsOf(running);
  const server = running.cpuMs();
  const value = await work();
  return {
    value,
    serverCpuMs: running.cpuMs() - server,
    partsCpuMs: Object.fromEntries(
      partsOf(running).map(([part, cpuMs], index) => [part, cpuMs - (parts[index]?.[1] ?? 0)]),
    ),
    loadCpuMs: ownCpuMs() - load,
    wallMs: performance.now() - startedAt,
  };
}

function partsOf(running: Running): readonly (readonly [string, number])[] {
  if (running.parts.length === 0) return [];
  const each = running.cpuMsEach();
  return running.parts.map((part, index) => [part, each[index] ?? 0]);
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The CPU of each part for one of `count`, as figures of a run: `workerCpu`, `roomsCpu`. */
export function partsEach(parts: Metered<unknown>["partsCpuMs"], count: number): Sample {
  return Object.fromEntries(
    Object.entries(parts).map(([part, cpuMs]) => [`${part}Cpu`, cpuMs / count]),
  );
}
