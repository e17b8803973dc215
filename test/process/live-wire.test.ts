import { expect, it } from "vitest";
import * as z from "zod";
import { platform } from "../../src/client/environment.ts";
import { refusal } from "../../src/client/index.ts";
import { contract } from "../../src/contract/index.ts";
import { counter } from "../fixtures/kinds/counter.ts";
import { poll } from "../fixtures/kinds/poll.ts";
import { pause } from "../support/pause.ts";
import { serveKinds } from "./support/kinds-server.ts";
import { until } from "./support/until.ts";

const TRANSPORTS = ["websocket", "sse", "poll"] as const;

const kinds = serveKinds();

it.each(TRANSPORTS)(
  "asks the room over %s, and has its answer or its refusal",
  async (transport) => {
    const room = kinds.clientOf("ada", { transport }).room(poll, `poll:asked-by-${transport}`);
    await room.send("vote", { option: "soup" });
    expect(await room.query("tally", { least: 1 })).toEqual({ soup: 1 });
    const refused = await room.query("tally", { least: 0 }).catch((error: unknown) => error);
    expect(refusal(poll, refused)).toMatchObject({ code: "invalid_request", retryable: false });
  },
);

it.each(TRANSPORTS)(
  "signals over %s to the others, not to itself, and is told what was refused",
  async (transport) => {
    const name = `poll:signalled-by-${transport}` as const;
    const ada = kinds.clientOf("ada", { transport }).room(poll, name);
    const ben = kinds.clientOf("ben", { transport: "websocket" }).room(poll, name);
    const heard: string[] = [];
    for (const [who, room] of [
      ["ada", ada],
      ["ben", ben],
    ] as const) {
      room.on("hover", ({ data, actorId }) => heard.push(`${who} hears ${actorId} ${data.option}`));
      room.on("error", ({ code }) => heard.push(`${who} is refused ${code}`));
    }
    await until(() => ada.status === "open" && ben.status === "open");
    expect(ada.signal("hover", { option: "nothing" })).toBe(true);
    expect(ada.signal("hover", { option: "soup" })).toBe(true);
    await until(
      () => heard.length === 2,
      () => heard,
    );
    // Whoever polls is not there between two polls, and a signal waits for nobody.
    for (let tries = 0; tries < 100 && heard.length < 3; tries += 1) {
      ben.signal("hover", { option: "ramen" });
      await pause(250);
    }
    expect([...new Set(heard)].toSorted()).toEqual([
      "ada hears ben ramen",
      "ada is refused no_such_option",
      "ben hears ada soup",
    ]);
  },
);

it.each(TRANSPORTS)(
  "says over %s how far its user has read, and counts what came since",
  async (transport) => {
    const name = `counter:read-by-${transport}` as const;
    const ada = kinds.clientOf("ada", { transport: "websocket" }).room(counter, name);
    const ben = kinds.clientOf("ben", { transport }).room(counter, name);
    await until(() => ben.status === "open");
    for (const by of [1, 2, 3]) await ada.send("add", { by });
    await until(
      () => ben.unread === 3,
      () => ben.unread,
    );
    ben.read(2);
    await until(
      () => ada.reads["ben"] === 2 && ben.unread === 1,
      () => [ada.reads, ben.reads],
    );
    await ben.send("add", { by: 4 });
    await until(() => ben.seq === 4);
    expect(ben.unread).toBe(1);
    const again = kinds.clientOf("ben", { transport: "websocket" }).room(counter, name);
    await until(() => again.status === "open");
    expect(again.reads).toEqual({ ben: 2 });
  },
);

it.each(TRANSPORTS)(
  "is closed for good over %s below the oldest version, and says why",
  async (transport) => {
    let opened = 0;
    const counted = {
      openSocket: (...args: Parameters<typeof platform.openSocket>) => {
        opened += 1;
        return platform.openSocket(...args);
      },
      fetch: (...args: Parameters<typeof platform.fetch>) => {
        opened += 1;
        return platform.fetch(...args);
      },
    };
    const old = contract("counter", { version: 1, events: { add: z.object({ by: z.number() }) } });
    const room = kinds
      .clientOf("ada", { transport, environment: counted })
      .room(old, `counter:old-by-${transport}`);
    const sent = room.send("add", { by: 1 }).catch((error: unknown) => error);
    await until(() => room.status === "closed");
    expect(room.reason?.code).toBe("upgrade_required");
    expect(refusal(old, await sent)).toMatchObject({ code: "disconnected", outcome: "not_sent" });
    const before = opened;
    await pause(3_000);
    expect(opened).toBe(before);
  },
);

it("shows what its user shows again after a kill of the server, in a chat as well", async () => {
  const ada = kinds.clientOf("ada", { transport: "websocket" }).room("shown");
  const readers = TRANSPORTS.slice(0, 2).map((way) =>
    kinds.clientOf(`by-${way}`, { transport: way }).room("shown"),
  );
  await until(() => [ada, ...readers].every(({ status }) => status === "open"));
  const shown = () =>
    readers.map(({ users }) => users.find(({ userId }) => userId === "ada")?.data);
  ada.present({ color: "red" });
  await until(() => shown().every((data) => JSON.stringify(data) === '{"color":"red"}'), shown);
  await kinds.server.kill();
  await kinds.server.up();
  await until(() => shown().every((data) => data === undefined) || ada.status === "open");
  await until(() => shown().every((data) => JSON.stringify(data) === '{"color":"red"}'), shown);
  ada.present(null);
  await until(() => shown().every((data) => data === undefined), shown);
  // After the kill each came back in its own time.
  await until(() => readers.every(({ users }) => users.length === 3));
});
