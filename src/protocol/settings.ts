import * as z from "zod";
import { issueWords } from "./issue-words.ts";
import { headerSecretsProblem, secretsProblem } from "./secret-list.ts";
import { isKeySetUrl, parseGuestRooms, parseOrigins, secretList } from "./setting-value.ts";
import type { DocumentLimits } from "./settings-of-documents.ts";
import { type SocketioSettings, toSocketioSettings } from "./settings-of-socketio.ts";

/** Settings of one deployment (P10.1), read from vars and secrets. */
export interface Settings {
  readonly auth: {
    /** HS256 secrets: the first signs, all verify. None where tokens are made elsewhere. */
    readonly secrets: readonly string[];
    readonly jwksUrl?: string;
    readonly issuer?: string;
    readonly audience?: string;
    /** Any one of them will do; none is no backend access. */
    readonly apiKeys: readonly string[];
    /** The rooms, by name or prefix, that guests are let into; `undefined` where guests are not. */
    readonly guestRooms?: readonly string[];
  };
  /** The header that our own proxy tells the client's address in; `undefined` trusts none. */
  readonly trustedIpHeader?: string;
  /** Whether there are demo pages. */
  readonly pages: boolean;
  /** Requests a minute of one user, and from one address; 0 counts none. */
  readonly requestsPerMinute: { readonly user: number; readonly address: number };
  /** Patterns of the origins that may call; `undefined` allows any. */
  readonly allowedOrigins?: readonly string[];
  readonly limits: RoomLimits;
  readonly documents: DocumentLimits;
  readonly socketio: SocketioSettings;
  /** How long the review of one frame may take. */
  readonly reviewTimeoutMs: number;
  /** At most one report to the metrics in this time; 0 turns them off. */
  readonly metricsReportMs: number;
}

/**
 * What is made of clients that answer no marks (P3.11): they are taken at their word when they show
 * life; or one of them is called back when much was sent to them together. `at-once` is that, for a
 * room that goes on sending by itself: all are asked with the first that they are sent, and all that
 * was sent to those who have not answered counts.
 */
export type MarkRule = "optional" | "required" | "at-once";

export type { DocumentLimits } from "./settings-of-documents.ts";

/** The part of the settings that a room obeys. */
export interface RoomLimits {
  /** Longest frame a client may send; a longer one closes the connection with 1009. */
  readonly frameBytes: number;
  readonly contentChars: number;
  /** Token bucket of one connection: refill a second, and size. */
  readonly framesPerSecond: number;
  readonly framesBurst: number;
  /**
   * How often a second it is told what a person shows of itself. A connection may say it more often
   * than that: of what comes faster the newest is told.
   */
  readonly presencePerSecond: number;
  /** Token bucket of one connection's bytes: refill a second (0: no such limit), and size. */
  readonly bytesPerSecond: number;
  readonly bytesBurst: number;
  /** In one room; beyond it the user's longest-silent connection gives way. 0: no such limit. */
  readonly connectionsPerUser: number;
  /** In one room. 0: no such limit. */
  readonly connectionsPerIp: number;
  /** People that one sender may have told of mentions and replies in a minute; 0 is no limit. */
  readonly mentionsPerMinute: number;
  /** Notices that one inbox takes from all rooms in a minute; 0 is no limit. */
  readonly noticesPerMinute: number;
  /** Of one user into one room. 0: no such limit. */
  readonly joinsPerMinute: number;
  /** Most events replayed to a client that resumes; beyond it, it starts anew. */
  readonly resumeEvents: number;
  /** Most that is sent to a connection without a sign of life: whatever is not read stays in memory. */
  readonly unreadBytes: number;
  readonly marks: MarkRule;
  readonly heartbeatMs: number;
  readonly sweepMs: number;
  /** How long a client without a subprotocol may say nothing. 0: for ever. */
  readonly plainSilenceMs: number;
  /** Longest wait between two flushes of a busy room. */
  readonly flushGapMs: number;
  /** 0 keeps all. */
  readonly historyMaxMessages: number;
  /** 0 keeps all. */
  readonly historyMaxDays: number;
}

/**
 * What the settings turned out to be: usable, or a sentence for the operator about what is not.
 * `unset` is a deployment that has yet to be told how tokens are verified; `wrong`, one whose settings
 * cannot be what somebody meant.
 */
export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly reason: "unset" | "wrong"; readonly problem: string };

// A var that is set to nothing is a var that is not set: TOML and dashboards cannot say "unset".
const text = z.string().min(1).optional();
const onOrOff = z.enum(["on", "off"]).optional();

/** The one setting that says something by being empty: that no header is trusted. */
const MAY_BE_EMPTY: SettingName = "TRUSTED_IP_HEADER";

function whole(fallback: number, min: number, max: number) {
  return wholeIfSet(min, max).transform((value) => value ?? fallback);
}

function wholeIfSet(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,12}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .optional();
}

const settingsSchema = z.object({
  AUTH_SECRET: secretList(secretsProblem),
  AUTH_JWKS_URL: z
    .string()
    .refine(isKeySetUrl, "must be an https:// address, or an http:// one of this very machine")
    .optional(),
  AUTH_ISSUER: text,
  AUTH_AUDIENCE: text,
  API_KEY: secretList(headerSecretsProblem),
  GUESTS: onOrOff,
  GUEST_ROOMS: z.string().transform(parseGuestRooms).optional(),
  PAGES: onOrOff,
  REQUIRE_MARKS: onOrOff,
  TRUSTED_IP_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]*$/, "must be a header's name, or empty for none")
    .default("CF-Connecting-IP"),
  ALLOWED_ORIGINS: z.string().min(1).transform(parseOrigins).optional(),
  LIMIT_REQUESTS_PER_MINUTE: wholeIfSet(0, 100_000_000),
  LIMIT_FRAMES_PER_SECOND: whole(20, 1, 100_000),
  LIMIT_FRAMES_BURST: whole(50, 1, 100_000),
  LIMIT_PRESENCE_PER_SECOND: whole(30, 1, 60),
  LIMIT_MENTIONS_PER_MINUTE: whole(30, 0, 100_000),
  LIMIT_NOTICES_PER_MINUTE: whole(60, 0, 100_000),
  LIMIT_BYTES_PER_SECOND: whole(65_536, 0, 1_000_000_000),
  LIMIT_BYTES_BURST: whole(262_144, 1_024, 1_000_000_000),
  LIMIT_CONNECTIONS_PER_USER: whole(10, 0, 32_000),
  LIMIT_CONNECTIONS_PER_IP: whole(200, 0, 32_000),
  LIMIT_JOINS_PER_MINUTE: whole(60, 0, 100_000),
  LIMIT_FRAME_BYTES: whole(65_536, 1_024, 1_048_576),
  LIMIT_CONTENT_CHARS: whole(4_000, 1, 100_000),
  LIMIT_RESUME_EVENTS: whole(1_000, 1, 100_000),
  LIMIT_UNREAD_BYTES: whole(33_554_432, 65_536, 1_073_741_824),
  LIMIT_DOCUMENT_FRAME_BYTES: whole(4_194_304, 65_536, 16_777_216),
  LIMIT_DOCUMENT_BYTES: whole(33_554_432, 65_536, 67_108_864),
  LIMIT_DOCUMENT_BYTES_PER_SECOND: whole(262_144, 0, 1_000_000_000),
  HEARTBEAT_MS: whole(30_000, 100, 3_600_000),
  HEARTBEAT_SWEEP_MS: whole(120_000, 100, 86_400_000),
  PLAIN_SILENCE_MS: whole(3_600_000, 0, 86_400_000),
  FLUSH_GAP_MS: whole(75, 0, 1_000),
  HISTORY_MAX_MESSAGES: whole(0, 0, 1_000_000_000),
  HISTORY_MAX_DAYS: whole(0, 0, 36_500),
  // Socket.IO's own defaults; a stock client gives up after the sum of both.
  SOCKETIO_PING_INTERVAL_MS: whole(25_000, 100, 3_600_000),
  SOCKETIO_PING_TIMEOUT_MS: whole(20_000, 100, 3_600_000),
  SOCKETIO_HUBS: whole(1, 1, 1_000),
  SOCKETIO_PACKETS_PER_SECOND: whole(100, 0, 1_000_000),
  SOCKETIO_BYTES_PER_SECOND: whole(1_000_000, 0, 1_000_000_000),
  REVIEW_TIMEOUT_MS: whole(2_000, 1, 30_000),
  // Below 10 s, after which a quiet room hibernates with whatever it has not reported.
  METRICS_REPORT_MS: whole(8_000, 0, 9_000),
});

type Vars = z.infer<typeof settingsSchema>;

/** What a document obeys where nothing is set. */
export const DEFAULT_DOCUMENT_LIMITS: DocumentLimits = toDocumentLimits(settingsSchema.parse({}));

/** What a room obeys where nothing is set. */
export const DEFAULT_LIMITS: RoomLimits = toLimits(settingsSchema.parse({}));

/** Names of the settings, for whoever picks them out of an environment with more in it. */
const SETTING_NAMES = Object.keys(settingsSchema.shape) as readonly SettingName[];
/** One of the settings' names. */
export type SettingName = keyof typeof settingsSchema.shape;

/**
 * Reads the settings out of a Worker's environment. It never falls back silently: a value that
 * cannot be read, or no way to verify tokens, is a problem that names the setting, not its value.
 */
export function readSettings(env: Readonly<Partial<Record<SettingName, unknown>>>): SettingsResult {
  const present = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, env[name]]).filter(
      ([name, value]) => value !== undefined && (value !== "" || name === MAY_BE_EMPTY),
    ),
  );
  const parsed = settingsSchema.safeParse(present, { error: issueWords });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join(".")}: ${issue.message}`,
    );
    return {
      ok: false,
      reason: "wrong",
      problem: `Settings that cannot be read: ${problems.join("; ")}`,
    };
  }
  const vars = parsed.data;
  if (vars.AUTH_SECRET.length === 0 && vars.AUTH_JWKS_URL === undefined) {
    return {
      ok: false,
      reason: "unset",
      problem:
        "No way to verify tokens: set AUTH_SECRET (`wrangler secret put AUTH_SECRET`) or AUTH_JWKS_URL.",
    };
  }
  if (vars.AUTH_JWKS_URL !== undefined && vars.AUTH_AUDIENCE === undefined) {
    return {
      ok: false,
      reason: "wrong",
      problem:
        "AUTH_AUDIENCE: must be set with AUTH_JWKS_URL, or a token that the issuer made for any other application would be let in here.",
    };
  }
  return { ok: true, settings: toSettings(vars) };
}

function toSettings(vars: Vars): Settings {
  return {
    auth: {
      secrets: vars.AUTH_SECRET,
      ...(vars.AUTH_JWKS_URL === undefined ? {} : { jwksUrl: vars.AUTH_JWKS_URL }),
      ...(vars.AUTH_ISSUER === undefined ? {} : { issuer: vars.AUTH_ISSUER }),
      ...(vars.AUTH_AUDIENCE === undefined ? {} : { audience: vars.AUTH_AUDIENCE }),
      apiKeys: vars.API_KEY,
      ...(vars.GUESTS === "on" ? { guestRooms: vars.GUEST_ROOMS ?? ["*"] } : {}),
    },
    ...(vars.TRUSTED_IP_HEADER === "" ? {} : { trustedIpHeader: vars.TRUSTED_IP_HEADER }),
    pages: vars.PAGES !== "off",
    requestsPerMinute: toRequestsPerMinute(vars),
    ...(vars.ALLOWED_ORIGINS === undefined ? {} : { allowedOrigins: vars.ALLOWED_ORIGINS }),
    limits: toLimits(vars),
    documents: toDocumentLimits(vars),
    socketio: toSocketioSettings(vars),
    reviewTimeoutMs: vars.REVIEW_TIMEOUT_MS,
    metricsReportMs: vars.METRICS_REPORT_MS,
  };
}

/**
 * Unless told, a user may ask over HTTP as often as its connection may say something; and an
 * address for five such users, or for all the connections that one room lets it have.
 */
function toRequestsPerMinute(vars: Vars): Settings["requestsPerMinute"] {
  const user = vars.LIMIT_REQUESTS_PER_MINUTE ?? vars.LIMIT_FRAMES_PER_SECOND * 60;
  const address = user === 0 ? 0 : Math.max(user * 5, vars.LIMIT_CONNECTIONS_PER_IP);
  return { user, address };
}

function toLimits(vars: Vars): RoomLimits {
  return {
    frameBytes: vars.LIMIT_FRAME_BYTES,
    contentChars: vars.LIMIT_CONTENT_CHARS,
    framesPerSecond: vars.LIMIT_FRAMES_PER_SECOND,
    framesBurst: vars.LIMIT_FRAMES_BURST,
    presencePerSecond: vars.LIMIT_PRESENCE_PER_SECOND,
    bytesPerSecond: vars.LIMIT_BYTES_PER_SECOND,
    bytesBurst: vars.LIMIT_BYTES_BURST,
    connectionsPerUser: vars.LIMIT_CONNECTIONS_PER_USER,
    connectionsPerIp: vars.LIMIT_CONNECTIONS_PER_IP,
    mentionsPerMinute: vars.LIMIT_MENTIONS_PER_MINUTE,
    noticesPerMinute: vars.LIMIT_NOTICES_PER_MINUTE,
    joinsPerMinute: vars.LIMIT_JOINS_PER_MINUTE,
    resumeEvents: vars.LIMIT_RESUME_EVENTS,
    unreadBytes: vars.LIMIT_UNREAD_BYTES,
    marks: vars.REQUIRE_MARKS === "on" ? "required" : "optional",
    heartbeatMs: vars.HEARTBEAT_MS,
    sweepMs: vars.HEARTBEAT_SWEEP_MS,
    plainSilenceMs: vars.PLAIN_SILENCE_MS,
    flushGapMs: vars.FLUSH_GAP_MS,
    historyMaxMessages: vars.HISTORY_MAX_MESSAGES,
    historyMaxDays: vars.HISTORY_MAX_DAYS,
  };
}

function toDocumentLimits(vars: Vars): DocumentLimits {
  return {
    frameBytes: vars.LIMIT_DOCUMENT_FRAME_BYTES,
    documentBytes: vars.LIMIT_DOCUMENT_BYTES,
    bytesPerSecond: vars.LIMIT_DOCUMENT_BYTES_PER_SECOND,
    connectionsPerUser: vars.LIMIT_CONNECTIONS_PER_USER,
    connectionsPerIp: vars.LIMIT_CONNECTIONS_PER_IP,
    joinsPerMinute: vars.LIMIT_JOINS_PER_MINUTE,
    silenceMs: vars.PLAIN_SILENCE_MS,
  };
}
