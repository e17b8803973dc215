import { tokenFor } from "../../support/token.ts";
import { AUTH_SECRET, ROOM } from "../servers/hibiki-dialect.ts";
import { muchLately, thousandInLog } from "../servers/hibiki-logs.ts";
import type { Running, Server } from "../servers/server.ts";
import { percentile } from "../statistics.ts";
import { withServer } from "./lifetime.ts";
import type { Sample, Scenario } from "./scenario.ts";

const WAKES = 5;
/** Requests to another room first, so that the code is warm and only the room is cold. */
const WARM_UP = 30;

/** What a room has to do when it wakes, before the first message is stored. */
export const waking: Scenario = {
  name: "wake",
  title: "A cold room wakes: from the first POST of a message to its answer, code warm",
  servers: [thousandInLog, muchLately],
  columns: [
    { key: "wakeMs", label: "first message ms, median", digits: 1 },
    { key: "secondMs", label: "second message ms, median", digits: 1 },
    { key: "warmMs", label: "a message in a warm room ms, median", digits: 1 },
  ],
  targets: [
    {
      kind: "ratio",
      column: "wakeMs",
      of: thousandInLog.name,
      to: muchLately.name,
      atLeast: 1 / 3,
      text: "a wake with 150,000 recent events takes at most three times one with none",
    },
  ],
  notes: [`${WAKES} wakes a run, each in a server started anew on the same data.`],
  openFiles: 200,
  run,
};

async function run(server: Server): Promise<Sample> {
  const wakes: Wake[] = [];
  for (let wake = 0; wake < WAKES; wake++) {
    wakes.push(await withServer(server, (running) => wakeOnce(running)));
  }
  const median = (key: keyof Wake) =>
    percentile(
      wakes.map((wake) => wake[key]),
      50,
    );
  return { wakeMs: median("first"), secondMs: median("second"), warmMs: median("warm") };
}

interface Wake {
  readonly first: number;
  readonly second: number;
  readonly warm: number;
}

async function wakeOnce({ port }: Running): Promise<Wake> {
  let warm = 0;
  for (let request = 0; request < WARM_UP; request++) warm = await post(port, "warm");
  return { first: await post(port, ROOM), second: await post(port, ROOM), warm };
}

/** Stores one message. Returns how long it took, in milliseconds. */
async function post(port: number, room: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(`http://127.0.0.1:${port}/v1/rooms/${room}/messages`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${tokenFor("user-1", AUTH_SECRET)}`,
      "Idempotency-Key": crypto.randomUUID(),
    },
    body: JSON.stringify({ content: "Good morning" }),
  });
  await response.arrayBuffer();
  if (response.status !== 201) throw new Error(`The message was refused: ${response.status}`);
  return performance.now() - startedAt;
}
