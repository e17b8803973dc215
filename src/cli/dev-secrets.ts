import { randomBytes } from "node:crypto";

/** A secret at random, as long as Hibiki asks for: 32 bytes. */
export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** The secrets and settings of `wrangler dev` on one machine, as `.dev.vars` has them. */
export function devVars(): string {
  return `# Of \`npm run dev\` on this machine alone: git ignores it, and no deployment sees it.
AUTH_SECRET=${randomSecret()}
API_KEY=${randomSecret()}
# Anyone is let in by name.
GUESTS=on
`;
}
