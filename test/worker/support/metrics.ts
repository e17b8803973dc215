import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";

export const room = () => `room-${crypto.randomUUID()}`;

/** Lets the report time of rooms pass and their alarms go off, and waits for the reports that follow. */
export async function report(...rooms: readonly string[]): Promise<void> {
  vi.setSystemTime(Date.now() + 8_000);
  for (const name of rooms) await runDurableObjectAlarm(env.ROOM.getByName(name));
  await new Promise((resolve) => setTimeout(resolve, 50));
}
