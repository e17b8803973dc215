import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type ClientOptions, RealtimeClient } from "../../../src/client/index.ts";
import { bundleOf } from "../../support/machine/bundle.ts";
import { ROOT } from "../../support/machine/paths.ts";
import { SECRETS } from "../../support/server.ts";
import { tokenFor } from "../../support/token.ts";
import { BareServer } from "./bare-server.ts";

/** A server of the fixtures' kinds for all tests of a file, and clients of it for one of them each. */
export interface KindsServer {
  /** Once it is up. */
  readonly server: BareServer;
  /** A client of somebody, which is closed after the test. */
  clientOf(userId: string, options?: Omit<ClientOptions, "url" | "token">): RealtimeClient;
}

/** Has the file's tests run beside a server of the fixtures' kinds. */
export function serveKinds(): KindsServer {
  let server: BareServer | undefined;
  const clients: RealtimeClient[] = [];
  beforeAll(async () => {
    const bundle = bundleOf(join(ROOT, "test", "fixtures", "kinds", "worker.ts"));
    server = await BareServer.start({}, { bundle });
  }, 60_000);
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
  });
  afterAll(() => server?.stop());
  const running = () => {
    if (server === undefined) throw new Error("The server is not up yet.");
    return server;
  };
  return {
    get server() {
      return running();
    },
    clientOf(userId, options = {}) {
      const token = tokenFor(userId, SECRETS.AUTH_SECRET);
      const client = new RealtimeClient({ url: running().url, token, ...options });
      clients.push(client);
      return client;
    },
  };
}
