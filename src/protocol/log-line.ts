import type { ErrorCode } from "./error.ts";
import { iso } from "./iso.ts";

/** What the logs tell (CONTRACT §11): never a token, never a message's content. */
export type LogLine =
  | {
      readonly event: "connect";
      readonly room: string;
      readonly userId: string;
      readonly wire: string;
      readonly transport: string;
      readonly resuming: boolean;
    }
  | {
      readonly event: "disconnect" | "abnormal_disconnect";
      readonly room: string;
      readonly userId: string;
      readonly code: number;
      readonly clean: boolean;
      readonly durationMs: number;
      readonly reason: string;
    }
  | {
      readonly event: "refused";
      readonly code: ErrorCode;
      readonly room?: string;
      readonly userId?: string;
      readonly path?: string;
    }
  | {
      readonly event: "error";
      readonly where: string;
      readonly room?: string;
      readonly message: string;
    };

/** One JSON object a line. */
export function logLine(line: LogLine, now: number): string {
  return JSON.stringify({ at: iso(now), ...line });
}
