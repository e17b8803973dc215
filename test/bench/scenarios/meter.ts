import type { Running } from "../servers/server.ts";

/** What a stretch of work cost the server and the load tool. */
export interface Metered<T> {
  readonly value: T;
  readonly serverCpuMs: number;
  readonly loadCpuMs: number;
  readonly wallMs: number;
}

/** Does the work and reads the meters before and after. */
export async function meter<T>(running: Running, work: () => Promise<T>): Promise<Metered<T>> {
  const startedAt = performance.now();
  const load = ownCpuMs();
  const server = running.cpuMs();
  const value = await work();
  return {
    value,
    serverCpuMs: running.cpuMs() - server,
    loadCpuMs: ownCpuMs() - load,
    wallMs: performance.now() - startedAt,
  };
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
