import { exports } from "cloudflare:workers";
import { beforeAll } from "vitest";

// Loading the Worker takes seconds on a busy machine; that is no test's time.
beforeAll(async () => {
  await exports.default.fetch(new Request("https://edge.test/healthz"));
}, 60_000);
