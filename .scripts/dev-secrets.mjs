// Makes the secrets of this checkout's `wrangler dev`, once and at random. The file is ignored by
// git and never deployed: a deployment gets its own by `wrangler secret put`.
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";

const secret = () => randomBytes(32).toString("base64url");
const lines = [`AUTH_SECRET=${secret()}`, `API_KEY=${secret()}`, "GUESTS=on", ""];

try {
  writeFileSync(".dev.vars", lines.join("\n"), { flag: "wx", mode: 0o600 });
} catch (error) {
  if (error.code !== "EEXIST") throw error;
}
