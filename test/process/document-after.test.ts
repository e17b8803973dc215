import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Doc, encodeStateAsUpdate } from "yjs";
import { seededRandom } from "../../src/testing/seeded-random.ts";
import { bundleOf } from "../support/machine/bundle.ts";
import { ROOT } from "../support/machine/paths.ts";
import { pause } from "../support/pause.ts";
import { SECRETS } from "../support/server.ts";
import { BareServer } from "./support/bare-server.ts";
import { fromEnv } from "./support/environment.ts";
import { HookLedger } from "./support/hook-ledger.ts";
import { until } from "./support/until.ts";

const SEED = fromEnv("DOCUMENT_AFTER_SEED", 1_201);
const KILLS = fromEnv("DOCUMENT_AFTER_KILLS", 8);
/** How long the backend keeps the server waiting, so that it dies before it hears that it was told. */
const HOLD_MS = 300;

const random = seededRandom(SEED);
let ledger: HookLedger;
let server: BareServer;

beforeAll(async () => {
  ledger = await HookLedger.start(seededRandom(SEED + 1));
  const bundle = bundleOf(join(ROOT, "test", "fixtures", "kinds", "kept-worker.ts"));
  server = await BareServer.start(ledger.vars, { bundle, documents: true });
});
afterAll(async () => {
  await server.stop();
  await ledger.stop();
});

it(`tells of each version that was kept, by rule and by webhook in order, though the server dies between the commit and the telling: ${KILLS} SIGKILLs (P13.5, P13.7; seed ${SEED})`, async () => {
  const doc = new Doc();
  let cutShort = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    doc.getText("text").insert(0, `${kill} `);
    await ask("PUT", "", encodeStateAsUpdate(doc));
    ledger.asked = async () => {
      cutShort += 1;
      await pause(HOLD_MS);
    };
    expect((await ask("POST", "/versions"))?.status).toBe(201);
    await pause(random() * 100);
    await server.kill();
    ledger.asked = async () => {};
    await server.up();
  }
  // A document wakes by its alarm; what waits is told then at the latest.
  const ids = () => [...new Set(ledger.taken.map(({ id }) => id))];
  await until(
    () => ids().length >= KILLS && new Set(ledger.afters).size >= KILLS,
    () => `${ids().length} webhooks, ${new Set(ledger.afters).size} rules`,
    30_000,
  );
  await pause(1_000);
  const kept = (await (await ask("GET", "/versions"))?.json()) as {
    readonly versions: readonly { readonly id: number }[];
  };
  console.log(
    JSON.stringify({
      test: "document-after",
      seed: SEED,
      kills: KILLS,
      cutShort,
      webhooks: ledger.taken.length,
      afters: ledger.afters.length,
    }),
  );
  expect(cutShort).toBeGreaterThan(0);
  const told = ledger.taken.filter(({ id }, at, all) => all.findIndex((t) => t.id === id) === at);
  expect(told.map(({ seq }) => seq)).toEqual(kept.versions.map(({ id }) => id).toReversed());
  expect(new Set(ledger.afters).size).toBe(kept.versions.length);
  expect(told.every(({ type, room }) => `${type} ${room}` === "document.version document:d")).toBe(
    true,
  );
  expect(ledger.faults).toEqual([]);
});

/** As the API key; until the server answers, for it may just be coming back. */
async function ask(method: string, path: string, bytes?: Uint8Array): Promise<Response> {
  const body = bytes === undefined ? {} : { body: bytes as Uint8Array<ArrayBuffer> };
  return fetch(`${server.url}/v1/documents/d${path}`, {
    method,
    headers: { Authorization: `Bearer ${SECRETS.API_KEY}` },
    ...body,
  });
}
