import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { call } from "./support/http.ts";

const ROOM = "/v1/rooms/words";
const INBOX = "/v1/rooms/user:ann";

interface Asked {
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Record<string, string>;
}

it.each<[string, string, Asked, string]>([
  ["POST", "/v1/tokens", { body: {} }, "sub: is required"],
  ["POST", "/v1/tokens", { body: [] }, "the body: must be an object"],
  ["POST", "/v1/tokens", { raw: "{" }, "The body is not valid JSON."],
  ["POST", "/v1/tokens", { body: { sub: 7 } }, "sub: must be text"],
  ["POST", "/v1/tokens", { body: { sub: "a", ttlSeconds: "60" } }, "ttlSeconds: must be a number"],
  [
    "POST",
    "/v1/tokens",
    { body: { sub: "a", ttlSeconds: 1e6 } },
    "ttlSeconds: must be at most 86400",
  ],
  ["POST", "/v1/tokens", { body: { sub: "a", rooms: ["x"] } }, "rooms: must be an object"],
  [
    "POST",
    "/v1/tokens",
    { body: { sub: "a", rooms: { "x y": [] } } },
    "rooms.x y: is not a room name or prefix*",
  ],
  ["POST", "/v1/tokens", { body: { sub: "a", rooms: { x: "read" } } }, "rooms.x: must be a list"],
  [
    "POST",
    "/v1/tokens",
    { body: { sub: "a", rooms: { x: ["reed"] } } },
    'rooms.x.0: must be "read", "write", "publish" or "moderate"',
  ],
  ["POST", "/v1/guests", { body: {} }, "name: is required"],
  ["POST", "/v1/guests", { body: { name: null } }, "name: must be text"],
  ["POST", "/v1/guests", { body: { name: "Ann", renew: "" } }, "renew: must not be empty"],
  ["GET", `${ROOM}/messages?limit=500`, {}, "limit: must be at most 200"],
  ["GET", `${ROOM}/messages?limit=ten`, {}, "limit: must be a whole number"],
  ["GET", `${ROOM}/messages?before=0`, {}, "before: must be at least 1"],
  ["GET", `${ROOM}/messages?before=1&after=1`, {}, "before: give before or after, not both"],
  ["GET", `${ROOM}/messages?as=`, {}, "as: must be 1 to 128 characters that can be seen"],
  ["POST", `${ROOM}/messages?as=ann`, { body: { content: 5 } }, "content: must be text"],
  [
    "POST",
    `${ROOM}/messages?as=ann`,
    { body: {} },
    "content: a message has content, or data, or both",
  ],
  [
    "POST",
    `${ROOM}/messages?as=ann`,
    { body: { content: "x", mentions: {} } },
    "mentions: must be a list",
  ],
  [
    "POST",
    `${ROOM}/messages?as=ann&sentAt=soon`,
    { body: { content: "x" } },
    "sentAt: must be a whole number",
  ],
  [
    "POST",
    `${ROOM}/messages?as=ann`,
    { body: { content: "x" }, headers: { "Idempotency-Key": "k".repeat(129) } },
    "An Idempotency-Key is 1 to 128 characters.",
  ],
  [
    "PATCH",
    `${ROOM}/messages/one?as=ann`,
    { body: { content: "x" } },
    "seq: must be a whole number",
  ],
  ["PATCH", `${ROOM}/messages/0?as=ann`, { body: { content: "x" } }, "seq: must be at least 1"],
  ["PATCH", `${ROOM}/messages/1?as=ann`, { body: {} }, "content: is required"],
  ["DELETE", `${ROOM}/messages/-1?as=ann`, {}, "seq: must be a whole number"],
  ["POST", `${ROOM}/messages/1/reactions?as=ann`, { body: { emoji: 1 } }, "emoji: must be text"],
  ["POST", `${ROOM}/publish?as=ann`, { body: { event: "e" } }, "data: is required"],
  ["POST", `${ROOM}/read?as=ann`, { body: { upTo: 1.5 } }, "upTo: must be a whole number"],
  [
    "POST",
    `${INBOX}/read?as=ann`,
    { body: {} },
    "the body: must be {upTo: seq} or {ids: [1 to 200 seqs]}",
  ],
  ["DELETE", `${ROOM}/users/ann?ban=long`, {}, "ban: must be a whole number"],
  [
    "DELETE",
    `${ROOM}/users/${"x".repeat(129)}`,
    {},
    "userId: must be 1 to 128 characters that can be seen",
  ],
  ["DELETE", `${ROOM}/bans/%20`, {}, "userId: must be 1 to 128 characters that can be seen"],
  [
    "DELETE",
    `/v1/rooms/topic:words/last/${"x".repeat(65)}`,
    {},
    "event: must have at most 64 characters",
  ],
  ["GET", `${ROOM}/poll?wait=26`, {}, "wait: must be at most 25"],
  ["GET", `${ROOM}/poll?since=-1`, {}, "since: must be a whole number"],
  ["GET", `${ROOM}/events?history=201`, {}, "history: must be at most 200"],
  ["GET", `${ROOM}/events?history=1&history=2`, {}, "history: must be given once"],
  ["POST", "/v1/users/ann/notifications", { body: {} }, "type: is required; title: is required"],
  [
    "POST",
    "/v1/users/ann/notifications",
    { body: { type: "t", title: "x", url: "javascript:1" } },
    "url: must begin with http://, https:// or /",
  ],
  ["GET", "/v1/users/ann/notifications?unread=yes", {}, 'unread: must be "true" or "false"'],
  ["POST", "/v1/rooms/words-in/import", { raw: "{" }, "Line 1: is not valid JSON."],
  [
    "POST",
    "/v1/rooms/words-in/import",
    { raw: "{}" },
    "Line 1: type: must be the name of a known type.",
  ],
  [
    "POST",
    "/v1/rooms/words-in/import",
    { raw: '{"type":"room","version":1}' },
    "Line 1: room: is required; kind: is required; epoch: is required.",
  ],
  // Or a typo would reach somebody else's inbox.
  ["GET", "/v1/users/%E0/notifications", {}, "percent-encoding is malformed"],
  ["GET", "/v1/rooms/user:%E0/users", {}, "percent-encoding is malformed"],
  ["GET", "/v1/rooms/user:%E0/poll", {}, "percent-encoding is malformed"],
  ["GET", "/v1/rooms/user:%E0/export", {}, "percent-encoding is malformed"],
  ["POST", "/v1/rooms/user:%E0/read?as=ann", { body: { upTo: 1 } }, "is malformed"],
])("%s %s with %j is refused in words: %s", async (method, path, asked, words) => {
  const auth = path === "/v1/guests" ? "" : env.API_KEY;
  const response = await call(method, path, { auth, ...asked });
  const { error } = await response.json<{ error: { code: string; message: string } }>();
  expect([response.status, error.code]).toEqual([400, "invalid_request"]);
  expect(error.message).toContain(words);
  expect(error.message).not.toMatch(/expected|received|Invalid|Unrecognized|✖|→/);
});

it.each([
  ["PUT", `${ROOM}/messages`, "GET, HEAD, POST"],
  ["PATCH", `${ROOM}/messages`, "GET, HEAD, POST"],
  ["GET", `${ROOM}/messages/1`, "DELETE, PATCH"],
  ["DELETE", `${ROOM}/publish`, "POST"],
  ["POST", `${ROOM}/users/ann`, "DELETE"],
  ["GET", ROOM, "DELETE"],
  ["POST", `${ROOM}/poll`, "GET, HEAD"],
  ["PUT", "/v1/users/ann/notifications", "GET, HEAD, POST"],
  ["GET", "/v1/tokens", "POST"],
  ["POST", "/v1/metrics", "GET, HEAD"],
  ["PUT", "/healthz", "GET, HEAD"],
  ["DELETE", "/openapi.json", "GET, HEAD"],
])("%s %s is told that the path takes %s", async (method, path, allow) => {
  const response = await call(method, path);
  const { error } = await response.json<{ error: { code: string; message: string } }>();
  expect([response.status, error.code]).toEqual([405, "method_not_allowed"]);
  expect(response.headers.get("Allow")).toBe(allow);
  const listed = allow.replace(/, (\w+)$/, " and $1");
  expect(error.message).toBe(`This path takes ${listed}, not ${method}.`);
});

it.each([
  ["PUT", "/v1/nothing"],
  ["GET", "/v1/rooms"],
  ["PUT", "/nowhere"],
  ["POST", `${ROOM}/messages/1/reactions/2`],
])("%s %s is a path that does not exist", async (method, path) => {
  const response = await call(method, path);
  expect([response.status, response.headers.get("Allow")]).toEqual([404, null]);
});
