import { afterAll, beforeAll, expect, it } from "vitest";
import { SECRETS } from "../support/server.ts";
import { BareServer } from "./support/bare-server.ts";
import { Member } from "./support/member.ts";
import { countObjects } from "./support/room-file.ts";
import { until } from "./support/until.ts";

const MESSAGES = 200;
const MENTIONS = 20;
const NAME = "Your account is locked, see https://evil.example/login";

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({ GUESTS: "on" });
});
afterAll(() => server.stop());

it(`makes no inbox for ${MESSAGES} messages that mention ${MENTIONS} strangers each, though no quota is set`, async () => {
  const eve = new Member(server.port, "general", "eve");
  await eve.join();
  const before = countObjects(server.data);
  for (let i = 0; i < MESSAGES; i++) {
    const mentions = Array.from({ length: MENTIONS }, (_, j) => `stranger-${i}-${j}`);
    const payload = { content: "psst", mentions };
    eve.send({ type: "send_message", messageId: `m-${i}`, payload });
  }
  await until(() => eve.count("ack") === MESSAGES);
  expect(eve.seqs).toHaveLength(MESSAGES);
  // Whoever the room knows is told right after: what was not brought by now never will be.
  const ben = new Member(server.port, "general", "ben");
  await ben.join();
  eve.send({
    type: "send_message",
    messageId: "ben",
    payload: { content: "psst", mentions: ["ben"] },
  });
  await until(() => countObjects(server.data) > before);
  expect(countObjects(server.data)).toBe(before + 1);
});

it("tells nobody anything in a guest's own words but their name, and that only as data", async () => {
  const post = async (path: string, token: string, body: object) => {
    const headers = { Authorization: `Bearer ${token}` };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    return (await (await fetch(`${server.url}/v1${path}`, init)).json()) as Record<string, string>;
  };
  const guest = async (name: string) => post("/guests", "", { name });
  const [eve, ada] = [await guest(NAME), await guest("Ada")];
  const path = "/rooms/lobby/messages";
  await post(path, ada["token"] ?? "", { content: "hello", messageId: "1" });
  const mentions = [ada["userId"]];
  await post(path, eve["token"] ?? "", { content: "psst", messageId: "2", mentions });
  await post(path, eve["token"] ?? "", { content: "psst", messageId: "3", replyTo: 1 });
  const headers = { Authorization: `Bearer ${SECRETS.API_KEY}` };
  const inbox = `${server.url}/v1/users/${ada["userId"]}/notifications`;
  const read = async () => {
    const page = (await (await fetch(inbox, { headers })).json()) as { notifications: object[] };
    return page.notifications;
  };
  await expect.poll(async () => (await read()).length).toBe(2);
  const data = { room: "lobby", userId: eve["userId"], userName: NAME };
  expect(await read()).toMatchObject([
    { type: "mention", title: "You were mentioned", data: { ...data, seq: 2 } },
    { type: "reply", title: "You have a reply", data: { ...data, seq: 3 } },
  ]);
  for (const { data: _, ...words } of (await read()) as { data: object }[]) {
    expect(JSON.stringify(words)).not.toContain("evil");
  }
});
