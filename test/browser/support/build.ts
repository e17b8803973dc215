import { execFileSync } from "node:child_process";

/** Builds the pages once, before any test opens one. */
export default function build(): void {
  execFileSync(process.execPath, [".scripts/build-web.mjs"], { stdio: "inherit" });
}
