import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { Backend } from "./support/backend.ts";
import { BareServer } from "./support/bare-server.ts";
import { StockClient, WAYS } from "./support/stock-client.ts";
import { until } from "./support/until.ts";

/** 3 here; SOCKETIO_KILLS=20 is the whole of it. */
const KILLS = Number(process.env["SOCKETIO_KILLS"] ?? "3");
/** How long the server is away after the last of them: SOCKETIO_AWAY_MS=130000 is more than two minutes. */
const AWAY_MS = Number(process.env["SOCKETIO_AWAY_MS"] ?? "100");

/** The same deployment, built into another bundle. */
const OTHER_BUNDLE = bundleOf(join(ROOT, "test", "fixtures", "kinds", "sleepy-worker.ts"));

let server: BareServer;
beforeAll(async () => {
  server = await BareServer.start({ SOCKETIO_HUBS: "3" }, { socketio: true });
});
afterAll(() => server.stop());

it.each(WAYS)(
  "brings a stock client back as who it was over %s, SIGKILLs and deployments, with all that it missed, once and in order (P21.7)",
  async (way) => {
    const room = `kills-${way}`;
    const quiet = `quiet-${way}`;
    const options = { reconnectionDelay: 50, reconnectionDelayMax: 100 };
    const reader = await new StockClient(server.url, "rea", way, options).connected();
    const writer = await new StockClient(server.url, "wri", way, options).connected();
    await Promise.all([reader.ask("join_room", room), writer.ask("join_room", room)]);
    // Nothing is ever said there before the kills: it has another epoch after each.
    await reader.ask("join_room", quiet);
    const acked = new Map<string, number>();
    let isOver = false;
    const writing = (async () => {
      for (let n = 0; !isOver; n++) {
        const messageId = `w${n}`;
        // Until it is answered, under the same key: as `retries` of a stock client does.
        for (;;) {
          const answer = await writer.socket
            .timeout(500)
            .emitWithAck("send_message", { room, message: messageId, messageId })
            .catch(() => undefined);
          if (answer?.success === true) {
            acked.set(messageId, answer.savedId);
            break;
          }
          await pause(20);
        }
        await pause(5);
      }
    })();
    for (let kill = 1; kill <= KILLS; kill++) {
      await until(() => acked.size >= kill * 20);
      await server.kill();
      // Each life has another bundle than the one before it, as after a deployment.
      server.deploy(kill % 2 === 1 ? OTHER_BUNDLE : undefined);
      await pause(kill === KILLS ? AWAY_MS : 100);
      await server.up();
      await until(
        () => reader.ids.length > kill && writer.ids.length > kill,
        () => ({ reader: reader.ids, ended: reader.ended, writer: writer.ids }),
        20_000,
      );
      const answer = await reader.ask("send_message", { room: quiet, message: `after ${kill}` });
      expect(answer).toMatchObject({ success: true });
    }
    await until(() => acked.size >= (KILLS + 1) * 20);
    isOver = true;
    await writing;
    const stored = await new Backend(server.url, room).history();
    const seqs = () => reader.named("new_message").filter((one) => one["room"] === room);
    await until(() => seqs().length >= stored.length);
    console.log(
      JSON.stringify({
        test: "socketio-recovery",
        way,
        stored: stored.length,
        ids: reader.ids,
        recovered: reader.recovered,
      }),
    );
    expect(seqs().map(({ seq }) => seq)).toEqual(stored.map(({ seq }) => seq));
    expect(stored.map(({ messageId }) => messageId)).toEqual([...acked.keys()]);
    for (const one of [reader, writer]) {
      expect(new Set(one.ids).size).toBe(1);
      expect(one.recovered).toEqual([false, ...Array(KILLS).fill(true)]);
      one.close();
    }
    expect(reader.named("new_message").filter((one) => one["room"] === quiet)).toHaveLength(KILLS);
  },
  60_000 + KILLS * 10_000 + AWAY_MS,
);
