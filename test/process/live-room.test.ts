import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { RealtimeClient, refusal, type TransportOption } from "../../src/client/index.ts";
import { contract } from "../../src/contract/index.ts";
import { poll } from "../fixtures/kinds/poll.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { until } from "./support/until.ts";

let server: BareServer;
const clients: RealtimeClient[] = [];

beforeAll(async () => {
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "kinds", "worker.ts"));
  server = await BareServer.start({}, { bundle });
}, 60_000);
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(() => server?.stop());

function clientOf(userId: string, transport: TransportOption, wire: "json" | "msgpack" = "json") {
  const token = tokenFor(userId, SECRETS.AUTH_SECRET);
  const client = new RealtimeClient({ url: server.url, token, transport, wire });
  clients.push(client);
  return client;
}

async function stored(name: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${SECRETS.API_KEY}` };
  return (await fetch(`${server.url}/v1/rooms/${name}/state`, { headers })).json();
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
    const ada = clientOf("ada", transport, wire).room(poll, name);
    const ben = clientOf("ben", "websocket").room(poll, name);
    const heard: number[] = [];
    ada.on("vote", ({ seq }) => heard.push(seq));
    expect(await ada.send("vote", { option: "soup" }, { optimistic: true })).toEqual({
      seq: 1,
      duplicate: false,
    });
    const refused = await ada.send("vote", { option: "nothing" }).catch((error: unknown) => error);
    expect(refusal(poll, refused)?.code).toBe("no_such_option");
    await until(() => heard.length === 1 && ben.state?.votes["ada"] === "soup");
    await server.kill();
    const sent = ben.send("vote", { option: "pizza" }, { optimistic: true });
    expect(ben.state?.votes).toEqual({ ada: "soup", ben: "pizza" });
    await server.up();
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
  const ada = clientOf("ada", "websocket").room(poll, name);
  for (const transport of ["websocket", "sse", "poll"] as const) {
    const ben = clientOf("ben", transport).room(other, name);
    await until(() => ben.state !== undefined);
    await ada.send("vote", { option: transport });
    await until(() => ben.state?.votes["ada"] === transport);
  }
}, 60_000);
