import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Child } from "../support/machine/child.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { StockClient } from "./support/stock-client.ts";
import { until } from "./support/until.ts";

const PING_INTERVAL_MS = 1_000;
const PING_TIMEOUT_MS = 1_000;
const CLIENT = join(ROOT, "test", "process", "support", "stopped-client.mjs");

let server: BareServer;
beforeAll(async () => {
  const times = {
    SOCKETIO_PING_INTERVAL_MS: `${PING_INTERVAL_MS}`,
    SOCKETIO_PING_TIMEOUT_MS: `${PING_TIMEOUT_MS}`,
  };
  server = await BareServer.start(times, { socketio: true });
});
afterAll(() => server.stop());

it.each(["websocket", "polling"])(
  "tells once, and in time, that a client left whose process stands still, by %s, and lets it come back (P21.1, P21.7)",
  async (way) => {
    const room = `stopped-${way}`;
    const watcher = await new StockClient(server.url, "wat", "websocket").connected();
    await watcher.ask("join_room", room);
    let printed = "";
    const token = tokenFor("sam", SECRETS.AUTH_SECRET);
    const client = Child.start(process.execPath, [CLIENT, server.url, token, room, way], {
      heard: (text) => {
        printed += text;
      },
    });
    const times = (what: string) => printed.split(what).length - 1;
    try {
      await until(
        () => times('"in"') === 1 && watcher.named("user_joined").length === 1,
        () => printed,
        20_000,
      );
      process.kill(client.pid, "SIGSTOP");
      const stoppedAt = performance.now();
      await until(
        () => watcher.named("user_left").length > 0,
        () => watcher.heard,
        PING_INTERVAL_MS + PING_TIMEOUT_MS + 5_000,
      );
      const noticedMs = Math.round(performance.now() - stoppedAt);
      await pause(PING_INTERVAL_MS + PING_TIMEOUT_MS);
      expect(watcher.named("user_left")).toMatchObject([{ room, userId: "sam" }]);
      process.kill(client.pid, "SIGCONT");
      await until(
        () => times('"in"') === 2 && watcher.named("user_joined").length === 2,
        () => printed,
        20_000,
      );
      console.log(JSON.stringify({ test: "socketio-stopped", way, noticedMs, printed }));
      expect(times('"ended"')).toBe(1);
      expect(times('"recovered":true')).toBe(1);
      expect(watcher.named("user_left")).toHaveLength(1);
      expect(watcher.ended).toEqual([]);
    } finally {
      await client.stop("SIGKILL");
      watcher.close();
    }
  },
);
