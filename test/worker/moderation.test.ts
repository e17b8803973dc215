import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PERMISSIONS } from "../../src/protocol/grant.ts";
import { call } from "./support/http.ts";
import { Peer } from "./support/peer.ts";
import { tokenFor } from "./support/tokens.ts";

const room = () => `room-${crypto.randomUUID()}`;

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, "log").mockImplementation((line) => lines.push(String(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

function audits(): readonly object[] {
  return lines.map((line) => JSON.parse(line)).filter(({ event }) => event === "audit");
}

it("leaves word in the log of who was kicked, banned and let in again, of the room's end, and by whom", async () => {
  const name = room();
  const auth = await tokenFor("mo", { rooms: { "*": [...PERMISSIONS] } });
  const at = expect.any(String);
  await call("DELETE", `/v1/rooms/${name}/users/ada`, { auth });
  await call("DELETE", `/v1/rooms/${name}/users/ben%0Ax?ban=60`);
  await call("DELETE", `/v1/rooms/${name}/bans/ben%0Ax`, { auth });
  await call("DELETE", `/v1/rooms/${name}/users/mo`, { auth: await tokenFor("eve") });
  await call("DELETE", `/v1/rooms/${name}`);
  expect(audits()).toEqual([
    { at, event: "audit", room: name, action: "kick", by: "mo", target: "ada" },
    { at, event: "audit", room: name, action: "ban", by: "backend", target: "ben\nx", until: at },
    { at, event: "audit", room: name, action: "unban", by: "mo", target: "ben\nx" },
    { at, event: "audit", room: name, action: "delete_room", by: "backend" },
  ]);
});

it("leaves word of who deleted whose message, and nothing of what it said", async () => {
  const name = room();
  const ada = await Peer.connect(name, "ada");
  const token = await tokenFor("mo", { rooms: { "*": ["read", "moderate"] } });
  const moderator = await Peer.connect(name, "mo", { token });
  for (const content of ["a secret", "another", "third"]) await ada.say(content);
  await ada.ask("delete_message", { seq: 1 });
  await moderator.ask("delete_message", { seq: 2 });
  await call("DELETE", `/v1/rooms/${name}/messages/3`);
  const deed = { event: "audit", room: name, action: "delete_message", target: "ada" };
  expect(audits()).toMatchObject([
    { ...deed, by: "mo", seq: 2 },
    { ...deed, by: "backend", seq: 3 },
  ]);
  expect(JSON.stringify(audits())).not.toMatch(/secret|another|third/);
});

it.each([
  ["a moderator's token", () => tokenFor("mo", { rooms: { "*": [...PERMISSIONS] } }), 403],
  ["the API key, on nobody's behalf", undefined, 403],
  ["the author's token", () => tokenFor("ada"), 200],
])("lets %s edit a message over HTTP, or not", async (_, token, status) => {
  const name = room();
  await call("POST", `/v1/rooms/${name}/messages?as=ada`, { body: { content: "I like tea" } });
  const auth = await token?.();
  const body = { content: "I hate tea" };
  const path = `/v1/rooms/${name}/messages/1`;
  const edited = await call("PATCH", path, { body, ...(auth === undefined ? {} : { auth }) });
  expect(edited.status).toBe(status);
});

it("counts the close codes that clients make up as one", async () => {
  const name = room();
  for (const code of [4_005, 4_001, 4_999, 3_000]) {
    const peer = await Peer.connect(name, "eve");
    peer.socket.close(code, "x");
    await peer.untilClosed();
  }
  const stats = await call("GET", `/v1/rooms/${name}/stats`);
  expect(await stats.json()).toMatchObject({ disconnects: { other: { clean: 4, abnormal: 0 } } });
});
