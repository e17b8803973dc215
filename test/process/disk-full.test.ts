import { afterAll, expect, it } from "vitest";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { seeded } from "./support/hostile-frames.ts";
import { Person } from "./support/person.ts";
import { SmallDisk } from "./support/small-disk.ts";
import { storedRooms } from "./support/stored-room.ts";
import { faultsOf } from "./support/verdict.ts";
import { workload } from "./support/workload.ts";

const SEED = fromEnv("DISK_SEED", 99);
const ROUNDS = fromEnv("DISK_ROUNDS", 3);
const ROOM = "full";
const PEOPLE = 6;
const PACE_MS = 20;
/** What is left when the disk fills up: a few messages still fit. */
const LEAVE_BYTES = 48 * 1024;
const FULL_MS = 1_500;
const BACK_WITHIN_MS = 10_000;

const disk = SmallDisk.mount(16);
let server: BareServer | undefined;
afterAll(async () => {
  await server?.kill();
  if (disk instanceof SmallDisk) disk.remove();
});
if (typeof disk === "string") console.log(JSON.stringify({ test: "disk full", skipped: disk }));

it.skipIf(typeof disk === "string")(
  "refuses clearly while the disk is full, loses nothing that it acked, and serves again when there is room",
  async () => {
    if (typeof disk === "string") return;
    const running = await BareServer.start({ LIMIT_RESUME_EVENTS: "100000" }, disk.folder);
    server = running;
    const people = peopleOf(running);
    await Promise.all(people.map((person) => person.start()));
    const answers = new Map<string, number>();
    const backMs: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await pause(400);
      disk.fill(LEAVE_BYTES);
      await askUntil(performance.now() + FULL_MS, running, answers);
      // Every other time it dies while there is no room.
      if (round % 2 === 1) await running.kill();
      disk.clear();
      const clearedAt = performance.now();
      if (!running.isAlive) await running.up();
      while (!(await say(running, `after-${round}`)).startsWith("201")) {
        if (performance.now() - clearedAt > BACK_WITHIN_MS) break;
        await pause(20);
      }
      backMs.push(Math.round(performance.now() - clearedAt));
    }
    await Promise.all(people.map((person) => person.finish()));
    const { seq } = await history(running);
    await Promise.all(people.map((person) => person.reaches(seq)));
    for (const person of people) person.stop();
    await running.kill();
    const room = storedRooms(running.data).get(ROOM);
    if (room === undefined) throw new Error("nothing was stored");

    const setbacks = people.reduce((all, { setbacks }) => {
      for (const [what, count] of setbacks) all.set(what, (all.get(what) ?? 0) + count);
      return all;
    }, new Map<string, number>());
    console.log(
      JSON.stringify({
        test: "disk full",
        times: ROUNDS,
        acked: people.reduce((sum, { acked }) => sum + acked.size, 0),
        stored: room.events.length,
        http: Object.fromEntries(answers),
        sockets: Object.fromEntries(setbacks),
        backMs,
        integrity: room.integrity,
      }),
    );
    const own = room.events.filter(({ userId }) => userId !== "asker");
    expect(room.integrity).toBe("ok");
    expect(faultsOf(room, people, ["asker"])).toEqual([]);
    expect(own.length).toBe(people.reduce((sum, { acked }) => sum + acked.size, 0));
    expect(Math.max(...backMs)).toBeLessThan(BACK_WITHIN_MS);
    // Refused as the contract says, and never anything else; and refused at all.
    expect(
      [...answers.keys()].filter((answer) => !/^(201|500 internal retryable)/.test(answer)),
    ).toEqual([]);
    expect(answers.get("500 internal retryable") ?? 0).toBeGreaterThan(0);
    expect(
      [...setbacks.keys()].filter((what) => !/^(internal|close (1006|1011|1012))$/.test(what)),
    ).toEqual([]);
  },
);

function peopleOf({ port }: BareServer): readonly Person[] {
  const random = seeded(SEED);
  const userIds = Array.from({ length: PEOPLE }, (_, i) => `person-${i}`);
  return userIds.map((userId) => {
    const next = workload(seeded(random() * 2 ** 31), userIds, { messages: 0.7, mentions: 0.2 });
    return new Person({ port, room: ROOM, userId, next, paceMs: PACE_MS });
  });
}

/** Sends over HTTP until a time, and counts the answers. */
async function askUntil(
  time: number,
  running: BareServer,
  answers: Map<string, number>,
): Promise<void> {
  for (let i = 0; performance.now() < time; i++) {
    const answer = await say(running, `ask-${time}-${i}`);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
    await pause(20);
  }
}

/** Status, code and whether to try again. */
async function say(running: BareServer, key: string): Promise<string> {
  const response = await fetch(`${running.url}/v1/rooms/${ROOM}/messages?as=asker`, {
    method: "POST",
    headers: { Authorization: `Bearer ${SECRETS.API_KEY}`, "Idempotency-Key": key },
    body: JSON.stringify({ content: "still there? ".repeat(200) }),
  });
  const { error } = (await response.json()) as { error?: { code: string; retryable: boolean } };
  return error === undefined
    ? `${response.status}`
    : `${response.status} ${error.code}${error.retryable ? " retryable" : ""}`;
}

async function history(running: BareServer): Promise<{ readonly seq: number }> {
  const response = await fetch(`${running.url}/v1/rooms/${ROOM}/messages?limit=1`, {
    headers: { Authorization: `Bearer ${SECRETS.API_KEY}` },
  });
  return (await response.json()) as { seq: number };
}
