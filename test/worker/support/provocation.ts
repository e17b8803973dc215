import { env } from "cloudflare:workers";
import { SAMPLE } from "../../../src/edge/openapi/sample.ts";
import { PERMISSIONS } from "../../../src/protocol/grant.ts";
import { BOUNDS } from "../../../src/protocol/limits.ts";
import { DEFAULT_DOCUMENT_LIMITS } from "../../../src/protocol/settings.ts";
import type { Example, Operation } from "../../../src/web/docs/document.ts";
import { bury, lettersOf } from "./dead-letters.ts";
import { type Change, sampleToken } from "./exchange.ts";
import { call } from "./http.ts";
import { Peer } from "./peer.ts";
import { tokenFor } from "./tokens.ts";

type Provocation = (example: Example) => Promise<Change>;

/** A plain request where an upgrade is documented: a refused upgrade is no HTTP error. */
const PLAIN = { headers: { Upgrade: "" } };

const FULL = { limit: async () => ({ success: false }) };

/** What asks no object that could be overloaded. */
const BY_ADDRESS_ALONE: ReadonlySet<string> = new Set([
  "createToken",
  "openWebSocket",
  "openRooms",
  "pollRooms",
  "streamRooms",
]);

/** Settings under which there is no such operation. */
const TURNED_OFF: Readonly<Record<string, object>> = {
  createGuest: { GUESTS: "off" },
  createToken: { AUTH_SECRET: "", AUTH_JWKS_URL: "https://keys.test/jwks", AUTH_AUDIENCE: "us" },
  getMetrics: { METRICS_REPORT_MS: "0" },
};

/**
 * Whether a documented error can be had from outside, and cheaply. Nothing breaks the making of a token
 * or a guest; document-routes.test.ts makes a document that is too large to be built.
 */
export function isProvokable({ operationId }: Operation, code: string): boolean {
  if (operationId === "openDocument" || operationId === "restoreVersion")
    return code !== "too_large" && code !== "conflict";
  return !(["createToken", "createGuest"].includes(operationId) && code === "internal");
}

/** What is to be different about a documented request so that it fails with a code. */
export async function provoke(code: string, example: Example): Promise<Change> {
  const provocation = PROVOCATIONS[code];
  if (provocation === undefined) throw new Error(`Nothing provokes ${code}.`);
  return provocation(example);
}

const PROVOCATIONS: Readonly<Record<string, Provocation>> = {
  invalid_request: async ({ path, query, operation }) => {
    if (operation.operationId === "openRooms") return PLAIN;
    if ("rooms" in query) return { query: { rooms: "" } };
    if ("room" in path) return { ...PLAIN, path: { room: "a b" } };
    if ("document" in path) return { ...PLAIN, path: { document: "a b" } };
    return "userId" in path ? { path: { userId: "x".repeat(129) } } : { body: {} };
  },
  unauthorized: async ({ operation }) =>
    operation.operationId === "createGuest"
      ? { body: { name: "Ada", renew: await tokenFor("ada") } }
      : { auth: "" },
  token_expired: async ({ operation }) =>
    operation.operationId === "createGuest"
      ? { body: { name: "Ada", renew: await tokenFor("guest-1", { ttlSeconds: -31 * 86_400 }) } }
      : { auth: await tokenFor("ada", { ttlSeconds: -10 }) },
  access_denied: async ({ operation }) =>
    operation.operationId === "createGuest"
      ? { body: { name: "Ada", rooms: { "document:plan": ["moderate"] } } }
      : { auth: await tokenFor("stranger", { rooms: {} }) },
  banned: async (example) => {
    const room = roomOf(example);
    await call("DELETE", `/v1/rooms/${encodeURIComponent(room)}/users/mallory?ban=600`);
    return { auth: await tokenFor("mallory", { rooms: { [room]: PERMISSIONS } }) };
  },
  not_found: async ({ path, operation }) => {
    if ("room" in path) return { path: { room: "game:x" } };
    if ("document" in path) return { path: { id: "999" } };
    return { vars: TURNED_OFF[operation.operationId] ?? {} };
  },
  conflict: async ({ operation }) => {
    switch (operation.operationId) {
      case "publish":
        return { path: await fullTopic() };
      case "createVersion":
        return { path: { document: "never-written" } };
      case "importRoom":
        return { path: { room: SAMPLE.room } };
      case "changeDocument":
        return { body: { version: 99, changes: ["x"] } };
      case "storeSnapshot":
        return { body: { version: 99, snapshot: "x" } };
      case "resendDeadLetter":
        return { path: await timerNobodyKnows() };
      default:
        return keyOfAnotherRequest(operation);
    }
  },
  too_large: async ({ body, path }) =>
    typeof body === "string" && "document" in path
      ? { body: "x".repeat(DEFAULT_DOCUMENT_LIMITS.frameBytes + 1) }
      : typeof body === "string"
        ? { path: { room: "empty" }, body: "x".repeat(BOUNDS.archiveLineBytes + 1) }
        : { body: { ...(body as object), padding: "x".repeat(700_000) } },
  rate_limited: async ({ operation }) => ({
    // Whoever is not heard as a backend is counted by address.
    ...(BY_ADDRESS_ALONE.has(operation.operationId) ? { ...PLAIN, auth: "nobody" } : {}),
    vars: {
      ...(BY_ADDRESS_ALONE.has(operation.operationId) ? { ADDRESS_RATE: FULL } : {}),
      ROOM: objectsThatFail({ overloaded: true }),
      DOCUMENT: objectsThatFail({ overloaded: true }),
      METRICS: objectsThatFail({ overloaded: true }),
      GUEST_RATE: FULL,
    },
  }),
  too_many_connections: async () => {
    const room = "crowded";
    for (let i = 0; i < 12; i++) await Peer.connect(room, `user-${i}`);
    return { path: { room }, query: { wait: "1" } };
  },
  internal: async () => ({
    vars: {
      ROOM: objectsThatFail({}),
      DOCUMENT: objectsThatFail({}),
      METRICS: objectsThatFail({}),
    },
  }),
  not_configured: async ({ operation }) =>
    operation.operationId === "getHealth"
      ? { vars: { AUTH_SECRET: "short" } }
      : { ...PLAIN, vars: { AUTH_SECRET: "" } },
};

async function fullTopic(): Promise<Change["path"] & object> {
  const room = "topic:full";
  for (let i = 0; i < BOUNDS.topicEvents; i++) {
    await call("POST", `/v1/rooms/${room}/publish`, { body: { event: `event-${i}`, data: i } });
  }
  return { room };
}

/** A chat has no timers, so that of a letter cannot be set. */
async function timerNobodyKnows(): Promise<Change["path"] & object> {
  await bury(env.ROOM.getByName(SAMPLE.room), "timer", "bell", {});
  const [letter] = (await lettersOf(SAMPLE.room)).deadLetters;
  return { id: String(letter?.id) };
}

async function keyOfAnotherRequest({ operationId }: Operation): Promise<Change> {
  const headers = { "Idempotency-Key": "used" };
  if (operationId === "notify") {
    const body = { type: "other", title: "Another" };
    await call("POST", "/v1/users/keyed/notifications", { headers, body });
    return { path: { userId: "keyed" }, headers };
  }
  const body = { content: "another" };
  await call("POST", "/v1/rooms/keyed/messages", { auth: await sampleToken(), headers, body });
  return { path: { room: "keyed" }, headers };
}

function roomOf({ path }: Example): string {
  return path["room"] ?? `user:${path["userId"]}`;
}

function objectsThatFail(flags: object): object {
  const fail = () => Promise.reject(Object.assign(new Error("provoked"), flags));
  return { getByName: () => new Proxy({}, { get: () => fail }) };
}
