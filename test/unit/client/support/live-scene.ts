import * as z from "zod";
import { type ClientOptions, RealtimeClient } from "../../../../src/client/client.ts";
// Fetched when it is needed, which takes real time the first time.
import "../../../../src/client/http-transports.ts";
import "../../../../src/client/other-kinds.ts";
import "../../../../src/client/own-kind.ts";
import "../../../../src/client/page.ts";
import { contract, server } from "../../../../src/contract/index.ts";
import { FakeNetwork } from "./fake-network.ts";
import { ManualClock, settle } from "./manual-clock.ts";
import { frame, joined } from "./scene.ts";

/** A counter of what each person added. */
export const tally = contract("tally", {
  version: 3,
  events: {
    added: z.object({ by: z.number().default(1) }),
    noted: z.object({ text: z.string() }),
    status: z.object({ text: z.string() }),
    closed: server(z.object({})),
  },
  signals: { hover: z.object({ at: z.number() }) },
  state: z.object({ sum: z.number(), last: z.string(), open: z.boolean() }),
  initial: { sum: 0, last: "", open: true },
  apply: {
    added: (state, { data, actorId }) => {
      if (data.by === 666) throw new Error("it cannot be folded");
      return { ...state, sum: state.sum + data.by, last: actorId };
    },
    closed: (state) => ({ ...state, open: false }),
  },
  member: z.object({ role: z.enum(["owner", "guest"]) }),
  presence: z.object({ color: z.string() }),
  queries: { sum: { input: z.object({ above: z.number() }), output: z.number() } },
  errors: ["closed", "too_much"],
  receipts: true,
});

const NAMED = { version: tally.version, hash: tally.hash };

/** One client in one room of a team's own kind, with everything around it in the test's hands. */
export async function liveScene(options: Partial<ClientOptions> = {}) {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const client = new RealtimeClient({
    url: "https://edge.example",
    token: "token-1",
    transport: "websocket",
    ...options,
    environment: network.environment,
  });
  const room = client.room(tally, "tally:a");
  await settle();
  const greet = async (sum: number, overrides: object = {}) => {
    const state = { sum, last: "", open: true };
    const you = { can: ["read", "write"], member: { role: "guest" } };
    const told = { roomId: "tally:a", state, you, contract: NAMED, ...overrides };
    network.socket.say(joined(told as object));
    await settle();
  };
  return { clock, network, client, room, greet };
}

/** An event of such a room. */
export function added(seq: number, by: number, userId = "bob") {
  return frame("added", { by }, { seq, userId });
}
