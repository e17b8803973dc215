// Builds what the Worker serves and what npm publishes: the pages, the client SDK, what a team's own
// Worker imports, and the command. All at once: each waits for a compiler.
import { fingerprint, isBuilt, rememberBuilt } from "./freshness.mjs";

await import("./dev-secrets.mjs");
const sources = await fingerprint();
// Only `wrangler dev` may take what is there: it asks for the same build twice.
if (process.env.WRANGLER_COMMAND !== "dev" || !(await isBuilt(sources))) {
  await Promise.all([
    import("./build-web.mjs"),
    import("./build-client.mjs"),
    import("./build-react.mjs"),
    import("./build-server.mjs"),
    import("./build-cli.mjs"),
  ]);
  await rememberBuilt(sources);
}
