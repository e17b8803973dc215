import { exports } from "cloudflare:workers";
import { afterAll, beforeAll } from "vitest";

// Loading the Worker takes seconds on a busy machine; that is no test's time.
beforeAll(async () => {
  await exports.default.fetch(new Request("https://edge.test/healthz"));
}, 60_000);

// A connection that ends with the last test writes a log line, and Vitest fails a run that it ends
// while a line is on its way.
afterAll(() => new Promise((resolve) => setTimeout(resolve, 200)));
