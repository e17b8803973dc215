import * as z from "zod";

/** Settings of one deployment (CONTRACT §12), read from vars and secrets. */
export interface Settings {
  readonly auth: {
    /** HS256 secret. */
    readonly secret?: string;
    readonly jwksUrl?: string;
    readonly issuer?: string;
    readonly audience?: string;
    readonly apiKey?: string;
    readonly guests: boolean;
  };
  /** Origins that may call; `undefined` allows any. */
  readonly allowedOrigins?: readonly string[];
  readonly limits: RoomLimits;
  /** At most one report to the metrics in this time; 0 turns them off. */
  readonly metricsReportMs: number;
}

/** The part of the settings that a room obeys. */
export interface RoomLimits {
  /** Longest frame a client may send; a longer one closes the connection with 1009. */
  readonly frameBytes: number;
  readonly contentChars: number;
  /** Token bucket of one connection: refill a second, and size. */
  readonly framesPerSecond: number;
  readonly framesBurst: number;
  readonly connectionsPerIp: number;
  /** People that one sender may have told of mentions and replies in a minute; 0 is no limit. */
  readonly mentionsPerMinute: number;
  /** Notices that one inbox takes from all rooms in a minute; 0 is no limit. */
  readonly noticesPerMinute: number;
  /** Most events replayed to who resumes; beyond it the client starts anew. */
  readonly resumeEvents: number;
  /** Most that is sent to a connection without a sign of life: whatever is not read stays in memory. */
  readonly unreadBytes: number;
  readonly heartbeatMs: number;
  readonly sweepMs: number;
  /** Longest wait between two flushes of a busy room. */
  readonly flushGapMs: number;
  /** 0 keeps all. */
  readonly historyMaxMessages: number;
  /** 0 keeps all. */
  readonly historyMaxDays: number;
}

/** What the settings turned out to be: usable, or a sentence for the operator about what is not. */
export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problem: string };

// A var that is set to nothing is a var that is not set: TOML and dashboards cannot say "unset".
const text = z.string().min(1).optional();

function whole(fallback: number, min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,12}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .optional()
    .transform((value) => value ?? fallback);
}

const settingsSchema = z.object({
  AUTH_SECRET: text,
  AUTH_JWKS_URL: z.url({ protocol: /^https?$/ }).optional(),
  AUTH_ISSUER: text,
  AUTH_AUDIENCE: text,
  API_KEY: text,
  GUESTS: z.enum(["on", "off"]).optional(),
  ALLOWED_ORIGINS: z.string().min(1).transform(parseOrigins).optional(),
  LIMIT_FRAMES_PER_SECOND: whole(20, 1, 100_000),
  LIMIT_FRAMES_BURST: whole(50, 1, 100_000),
  LIMIT_CONNECTIONS_PER_IP: whole(10, 1, 32_000),
  LIMIT_MENTIONS_PER_MINUTE: whole(30, 0, 100_000),
  LIMIT_NOTICES_PER_MINUTE: whole(60, 0, 100_000),
  LIMIT_FRAME_BYTES: whole(65_536, 1_024, 1_048_576),
  LIMIT_CONTENT_CHARS: whole(4_000, 1, 100_000),
  LIMIT_RESUME_EVENTS: whole(1_000, 1, 100_000),
  LIMIT_UNREAD_BYTES: whole(33_554_432, 65_536, 1_073_741_824),
  HEARTBEAT_MS: whole(30_000, 100, 3_600_000),
  HEARTBEAT_SWEEP_MS: whole(120_000, 100, 86_400_000),
  FLUSH_GAP_MS: whole(75, 0, 1_000),
  HISTORY_MAX_MESSAGES: whole(0, 0, 1_000_000_000),
  HISTORY_MAX_DAYS: whole(0, 0, 36_500),
  // Below 10 s, after which a quiet room hibernates with whatever it has not reported.
  METRICS_REPORT_MS: whole(8_000, 0, 9_000),
});

type Vars = z.infer<typeof settingsSchema>;

/** What a room obeys where nothing is set. */
export const DEFAULT_LIMITS: RoomLimits = toLimits(settingsSchema.parse({}));

/** Names of the settings, for whoever picks them out of an environment with more in it. */
export const SETTING_NAMES = Object.keys(settingsSchema.shape) as readonly SettingName[];
/** One of the settings' names. */
export type SettingName = keyof typeof settingsSchema.shape;

/**
 * Reads the settings out of a Worker's environment. It never falls back silently: a value that
 * cannot be read, or no way to verify tokens, is a problem that names the setting, not its value.
 */
export function readSettings(env: Readonly<Partial<Record<SettingName, unknown>>>): SettingsResult {
  const present = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, env[name]]).filter(
      ([, value]) => value !== undefined && value !== "",
    ),
  );
  const parsed = settingsSchema.safeParse(present);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join(".")}: ${issue.message}`,
    );
    return { ok: false, problem: `Settings that cannot be read: ${problems.join("; ")}` };
  }
  const vars = parsed.data;
  if (vars.AUTH_SECRET === undefined && vars.AUTH_JWKS_URL === undefined) {
    return {
      ok: false,
      problem:
        "No way to verify tokens: set AUTH_SECRET (`wrangler secret put AUTH_SECRET`) or AUTH_JWKS_URL.",
    };
  }
  return { ok: true, settings: toSettings(vars) };
}

function toSettings(vars: Vars): Settings {
  return {
    auth: {
      ...(vars.AUTH_SECRET === undefined ? {} : { secret: vars.AUTH_SECRET }),
      ...(vars.AUTH_JWKS_URL === undefined ? {} : { jwksUrl: vars.AUTH_JWKS_URL }),
      ...(vars.AUTH_ISSUER === undefined ? {} : { issuer: vars.AUTH_ISSUER }),
      ...(vars.AUTH_AUDIENCE === undefined ? {} : { audience: vars.AUTH_AUDIENCE }),
      ...(vars.API_KEY === undefined ? {} : { apiKey: vars.API_KEY }),
      guests: vars.GUESTS === "on",
    },
    ...(vars.ALLOWED_ORIGINS === undefined ? {} : { allowedOrigins: vars.ALLOWED_ORIGINS }),
    limits: toLimits(vars),
    metricsReportMs: vars.METRICS_REPORT_MS,
  };
}

function toLimits(vars: Vars): RoomLimits {
  return {
    frameBytes: vars.LIMIT_FRAME_BYTES,
    contentChars: vars.LIMIT_CONTENT_CHARS,
    framesPerSecond: vars.LIMIT_FRAMES_PER_SECOND,
    framesBurst: vars.LIMIT_FRAMES_BURST,
    connectionsPerIp: vars.LIMIT_CONNECTIONS_PER_IP,
    mentionsPerMinute: vars.LIMIT_MENTIONS_PER_MINUTE,
    noticesPerMinute: vars.LIMIT_NOTICES_PER_MINUTE,
    resumeEvents: vars.LIMIT_RESUME_EVENTS,
    unreadBytes: vars.LIMIT_UNREAD_BYTES,
    heartbeatMs: vars.HEARTBEAT_MS,
    sweepMs: vars.HEARTBEAT_SWEEP_MS,
    flushGapMs: vars.FLUSH_GAP_MS,
    historyMaxMessages: vars.HISTORY_MAX_MESSAGES,
    historyMaxDays: vars.HISTORY_MAX_DAYS,
  };
}

/** A comma list of origins, or `*`; what is no origin would silently never match. */
function parseOrigins(list: string, context: z.RefinementCtx): readonly string[] | undefined {
  const origins = list
    .split(",")
    .map((origin) => origin.trim().replace(/\/$/, ""))
    .filter((origin) => origin !== "");
  if (origins.length === 1 && origins[0] === "*") return undefined;
  if (origins.length === 0 || !origins.every(isOrigin)) {
    context.addIssue("must be * or a comma list of origins, as in https://app.example");
  }
  return origins;
}

/** RFC 6454 §6.2: scheme, host and port, as a browser writes them. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
