import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as z from "zod";
import { RealtimeClient, refusal } from "../../src/client/index.ts";
import { contract } from "../../src/contract/index.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { SECRETS } from "../support/server.ts";
import { tokenFor } from "../support/token.ts";
import { BareServer } from "./support/bare-server.ts";
import { Doorman } from "./support/doorman.ts";
import { until } from "./support/until.ts";

/** As the deployment has it. */
const club = contract("club", {
  events: { said: z.object({ text: z.string() }) },
  member: z.object({ role: z.string() }),
  errors: ["not_a_member"],
});

let doorman: Doorman;
let server: BareServer;

beforeAll(async () => {
  doorman = await Doorman.start();
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "kinds", "guarded-worker.ts"));
  server = await BareServer.start({ DOOR_URL: doorman.url }, { bundle });
});
afterAll(async () => {
  await server?.stop();
  await doorman?.stop();
});

async function nudge(name: string): Promise<void> {
  const headers = { Authorization: `Bearer ${SECRETS.API_KEY}` };
  const url = `${server.url}/v1/rooms/${name}/reauthorize`;
  expect((await fetch(url, { method: "POST", headers })).status).toBe(202);
}

it.each(["websocket", "sse"] as const)(
  "knows over %s what the rules say of its user, as it changes, until they say no",
  async (transport) => {
    const name = `club:by-${transport}` as const;
    const token = tokenFor("ada", SECRETS.AUTH_SECRET, { rooms: {} });
    const client = new RealtimeClient({ url: server.url, token, transport });
    const room = client.room(club, name);
    await until(() => room.you !== undefined);
    expect(room.you).toEqual({ can: ["read", "write"], member: { role: "owner" } });
    expect((await room.send("said", { text: "hello" })).seq).toBe(1);

    doorman.words.set(name, { role: "guest" });
    await nudge(name);
    await until(() => room.you?.member.role === "guest");
    expect(room.you?.can).toEqual(["read"]);
    const refused = await room.send("said", { text: "again" }).catch((error: unknown) => error);
    expect(refusal(club, refused)?.code).toBe("access_denied");

    doorman.words.set(name, "refuse");
    await nudge(name);
    await until(() => room.status === "closed");
    expect(room.reason?.code).toBe("not_a_member");
    const late = await room.send("said", { text: "let me in" }).catch((error: unknown) => error);
    expect(refusal(club, late)?.code).toBe("disconnected");
    await client.close();
  },
  60_000,
);
