import { setTimeout as pause } from "node:timers/promises";
import { RealtimeClient } from "../../src/client/client.ts";
import { Device } from "../../src/testing/device.ts";
import { TestServer } from "../../src/testing/test-server.ts";
import { testToken } from "../../src/testing/test-token.ts";

let done: Promise<void> | undefined;

/**
 * What the SDK fetches only when it is needed takes real time the first time: so the first world of
 * a process would go another way than all after it.
 */
export function warmUp(): Promise<void> {
  done ??= fetchAll();
  return done;
}

async function fetchAll(): Promise<void> {
  const server = new TestServer();
  const client = new RealtimeClient({
    url: "https://edge.test",
    transport: "websocket",
    wire: "msgpack",
    token: testToken({
      userId: "ann",
      grants: { general: ["read"] },
      expiresAt: server.clock.now() + 3_600_000,
    }),
    environment: new Device(server, Math.random).environment,
  });
  const inbox = client.inbox();
  const room = client.room("general");
  room.typing();
  await Promise.all([
    import("../../src/client/attention.ts"),
    import("../../src/client/shared-transport.ts"),
    import("../../src/client/page.ts"),
  ]);
  while (inbox.status !== "open" || room.status !== "open") {
    await pause(1);
    await server.advance(100);
  }
}
