import { expect, it } from "vitest";
import * as z from "zod";
import { refusal } from "../../src/client/index.ts";
import { contract } from "../../src/contract/index.ts";
import { poll } from "../fixtures/kinds/poll.ts";
import { SECRETS } from "../support/server.ts";
import { serveKinds } from "./support/kinds-server.ts";
import { until } from "./support/until.ts";

const kinds = serveKinds();

async function stored(name: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${SECRETS.API_KEY}` };
  return (await fetch(`${kinds.server.url}/v1/rooms/${name}/state`, { headers })).json();
}

it.each([
  ["websocket", "json"],
  ["websocket", "msgpack"],
  ["sse", "json"],
  ["poll", "json"],
] as const)(
  "folds over %s in %s what the room folds, also over a kill of the server",
  async (transport, wire) => {
    const name = `poll:${transport}-${wire}` as const;
    const ada = kinds.clientOf("ada", { transport, wire }).room(poll, name);
    const ben = kinds.clientOf("ben", { transport: "websocket" }).room(poll, name);
    const heard: number[] = [];
    ada.on("vote", ({ seq }) => heard.push(seq));
    expect(await ada.send("vote", { option: "soup" }, { optimistic: true })).toEqual({
      seq: 1,
      duplicate: false,
    });
    const refused = await ada.send("vote", { option: "nothing" }).catch((error: unknown) => error);
    expect(refusal(poll, refused)?.code).toBe("no_such_option");
    await until(() => heard.length === 1 && ben.state?.votes["ada"] === "soup");
    await kinds.server.kill();
    const sent = ben.send("vote", { option: "pizza" }, { optimistic: true });
    expect(ben.state?.votes).toEqual({ ada: "soup", ben: "pizza" });
    await kinds.server.up();
    expect((await sent).seq).toBe(2);
    // A rule has made something else of it: the guess gives way to what is stored.
    const votes = { ada: "soup", ben: "ramen" };
    for (const room of [ada, ben]) {
      await until(() => JSON.stringify(room.state?.votes) === JSON.stringify(votes));
    }
    // A greeting has the state of all that it brings, and the events follow it.
    await until(() => heard.length === 2);
    expect(heard).toEqual([1, 2]);
    expect(await stored(name)).toMatchObject({ seq: 2, state: { votes } });
  },
  60_000,
);

it("is told the state where its contract is another, and folds nothing", async () => {
  const other = contract("poll", {
    events: { vote: poll.events.vote, undone: z.object({}) },
    state: poll.state,
    initial: { open: true, votes: {} },
    apply: {
      vote: () => {
        throw new Error("it is not to be asked");
      },
    },
  });
  const name = "poll:another-contract";
  const ada = kinds.clientOf("ada", { transport: "websocket" }).room(poll, name);
  for (const transport of ["websocket", "sse", "poll"] as const) {
    const ben = kinds.clientOf("ben", { transport }).room(other, name);
    await until(() => ben.state !== undefined);
    await ada.send("vote", { option: transport });
    await until(() => ben.state?.votes["ada"] === transport);
  }
}, 60_000);
