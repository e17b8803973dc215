import { join } from "node:path";

/** The folder of the bench. */
export const BENCH = join(import.meta.dirname, "..");
/** The root of the project. */
export const ROOT = join(BENCH, "..", "..");
