import { afterAll, beforeAll, expect, it } from "vitest";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { RoomsClient } from "./support/rooms-client.ts";
import { seqsTo } from "./support/seqs-to.ts";
import { until } from "./support/until.ts";

const ROOMS = Array.from({ length: 5 }, (_, at) => `many-${at}`);
const EACH = 60;
const KILLS = 3;

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start();
});
afterAll(() => server.stop());

it("resumes five rooms on one socket, each exactly, over SIGKILLs (P20.2, P20.4)", async () => {
  const people = ["ada", "ben"].map((userId) => new RoomsClient(server.port, userId, ROOMS));
  const standing = () => people.map(({ acked, places }) => [acked.size, [...places.values()]]);
  for (const person of people) person.connect();
  let said = 0;
  for (let kill = 0; kill <= KILLS; kill++) {
    await until(() => people.every(({ isSettled }) => isSettled), standing);
    const ackedBefore = said / people.length;
    const share = EACH / (KILLS + 1);
    for (let at = 0; at < share; at++) {
      for (const room of ROOMS) for (const person of people) person.say(room, `${room}-${said++}`);
    }
    if (kill === KILLS) break;
    // Some of it is on its way.
    await until(() => people.some(({ acked }) => acked.size > ackedBefore + 10), standing);
    await server.kill();
    await until(() => people.every(({ closes }) => closes === kill + 1), standing);
    await server.up();
    for (const person of people) person.connect();
  }
  await until(() => people.every(({ isSettled }) => isSettled), standing);
  const total = EACH * people.length;
  const isAllSeen = () =>
    people.every(({ places }) => [...places.values()].every(({ seqs }) => seqs.length >= total));
  await until(isAllSeen, standing);

  console.log(JSON.stringify({ test: "many-rooms", said, kills: KILLS, rooms: ROOMS.length }));
  for (const room of ROOMS) {
    const history = await new Backend(server.url, room).history();
    expect(history.map(({ seq }) => seq)).toEqual(seqsTo(total));
    const stored = new Map(history.map(({ messageId = "", seq }) => [messageId, seq]));
    for (const { acked, places } of people) {
      for (const [messageId, seq] of acked) {
        if (messageId.startsWith(`${room}-`)) expect(stored.get(messageId)).toBe(seq);
      }
      expect(places.get(room)?.seqs).toEqual(seqsTo(total));
      expect(places.get(room)?.recovered).toEqual([true, true, true]);
    }
  }
  for (const person of people) person.close();
});
