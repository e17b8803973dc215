// Builds what the Worker serves and what npm publishes: the pages, then the client SDK.
import { fingerprint, isBuilt, rememberBuilt } from "./freshness.mjs";

await import("./dev-secrets.mjs");
const sources = await fingerprint();
// Only `wrangler dev` may take what is there: it asks for the same build twice.
if (process.env.WRANGLER_COMMAND !== "dev" || !(await isBuilt(sources))) {
  await import("./build-web.mjs");
  await import("./build-client.mjs");
  await rememberBuilt(sources);
}
