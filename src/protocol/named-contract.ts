import * as z from "zod";

/** A contract as its client names it: `<version>.<hash>`. */
export const namedContractSchema = z
  .string()
  .regex(/^[1-9]\d{0,8}\.[0-9a-f]{8}$/, "must be <version>.<hash> of a contract");
