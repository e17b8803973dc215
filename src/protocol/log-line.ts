import type { ErrorCode } from "./error.ts";
import { iso } from "./iso.ts";

/** What the logs tell (P11.1): never a token, never a message's content. */
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
      /** Who did what to whom (P11.1); what was said is nobody's business. */
      readonly event: "audit";
      readonly action: AuditAction;
      readonly room?: string;
      /** A user's id, or `backend` for the API key. */
      readonly by: string;
      readonly target?: string;
      /** What a token that was made grants: `team-*: read write`. */
      readonly grants?: readonly string[];
      /** Of the message. */
      readonly seq?: number;
      /** When a ban ends, ISO 8601. */
      readonly until?: string;
    }
  | {
      /** A `warning` is about the deployment: it works, but not as well as it could. */
      readonly event: "error" | "warning";
      readonly where: string;
      readonly room?: string;
      readonly message: string;
    };

/** What somebody may want to know afterwards. */
export type AuditAction =
  | "mint_token"
  | "mint_guest"
  | "renew_guest"
  | "kick"
  | "ban"
  | "unban"
  | "reauthorize"
  | "export_room"
  | "import_room"
  | "delete_last_value"
  | "resend_dead_letters"
  | "delete_message"
  | "delete_room"
  | "put_document"
  | "restore_version"
  | "delete_document";

/** One such deed, wherever it was done. */
export type Audit = Omit<Extract<LogLine, { readonly event: "audit" }>, "event" | "room">;

/** One JSON object a line. */
export function logLine(line: LogLine, now: number): string {
  return JSON.stringify({ at: iso(now), ...line });
}
