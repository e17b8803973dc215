import type { AnyContract } from "../contract/contract.ts";
import type { Settings } from "../protocol/settings.ts";
import type { Env } from "./env.ts";
import type { Gate } from "./gate.ts";

/** What keeps a Worker alive beyond its answer. */
export type Lifetime = Pick<ExecutionContext, "waitUntil">;

/** A request to hear a room, and what is needed to answer it. */
export interface Call {
  readonly request: Request;
  readonly env: Env;
  readonly settings: Settings;
  readonly gate: Gate;
  /** As the path has it, unchecked. */
  readonly roomName: string;
  /** Of its kind, when that is one of the deployment's own. */
  readonly contract: AnyContract | undefined;
  readonly lifetime: Lifetime;
  /** When it came, milliseconds since the epoch. */
  readonly at: number;
}
