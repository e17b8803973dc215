import { Webhook as Verifier } from "standardwebhooks";
import { beforeEach, describe, expect, it } from "vitest";
import { WebhookKeys } from "../../../../src/objects/delivery/standard-webhook.ts";
import {
  WEBHOOK_CARRIER,
  webhookCarrier,
} from "../../../../src/objects/delivery/webhook-carrier.ts";
import type { StoredDelivery } from "../../../../src/room/store/outbox.ts";

const NOW = Date.now();
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NEWER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

let sent: Sent[];
/** What the log is told. */
let told: string[];

beforeEach(() => {
  sent = [];
  told = [];
});

/** A carrier whose endpoint answers with one status after the other, or not at all. */
function carrier(answers: readonly (number | "nothing")[], secret = SECRET) {
  const left = [...answers];
  return webhookCarrier({
    endpoint: (name) =>
      name === "tickets" ? { url: "https://tickets.example/hook", secret } : undefined,
    fetch: async (url, init) => {
      sent.push({ url, init });
      const status = left.shift() ?? 200;
      if (status === "nothing") throw new TypeError("connection refused");
      return new Response(null, { status });
    },
    clock: () => NOW,
    failed: (error) => told.push(String(error)),
  });
}

function delivery(seq: number): StoredDelivery {
  return {
    id: seq,
    to: { carrier: WEBHOOK_CARRIER, recipient: "tickets" },
    source: seq,
    key: `epoch#${seq}`,
    body: `{"type":"poll.closed","timestamp":"2026-01-01T00:00:00.000Z","data":{"seq":${seq}}}`,
    tries: 0,
    at: NOW,
  };
}

function bring(answers: readonly (number | "nothing")[], count = 1) {
  const deliveries = Array.from({ length: count }, (_, index) => delivery(index + 1));
  return carrier(answers).bring("tickets", deliveries);
}

/** What the endpoint of the newest message reads, as npm's `standardwebhooks` checks it. */
function verified(secret: string): unknown {
  const { init } = sent.at(-1) ?? expect.fail("nothing was sent");
  const headers = init.headers as Record<string, string>;
  return new Verifier(secret).verify(String(init.body), headers);
}

describe("a webhook's messages", () => {
  it("are verified by any library of Standard Webhooks (P13.1)", async () => {
    expect(await bring([200])).toEqual([{ ok: true }]);
    expect(sent[0]).toMatchObject({
      url: "https://tickets.example/hook",
      init: { method: "POST", redirect: "manual" },
    });
    expect(verified(SECRET)).toEqual({
      type: "poll.closed",
      timestamp: "2026-01-01T00:00:00.000Z",
      data: { seq: 1 },
    });
  });

  it("are refused by whoever has another secret", async () => {
    await bring([200]);
    expect(() => verified(NEWER)).toThrow("No matching signature found");
  });

  it("are verified by the old secret and the new one while one replaces the other", async () => {
    await carrier([200], `${NEWER} ${SECRET}`).bring("tickets", [delivery(1)]);
    expect([verified(SECRET), verified(NEWER)]).toHaveLength(2);
  });

  it("have the same id at each attempt, another one for each event (P13.2)", async () => {
    const carried = carrier(["nothing", 200, 200]);
    await carried.bring("tickets", [delivery(1)]);
    await carried.bring("tickets", [delivery(1), delivery(2)]);
    const ids = sent.map(({ init }) => new Headers(init.headers).get("webhook-id"));
    expect(ids).toEqual(["epoch#1#tickets", "epoch#1#tickets", "epoch#2#tickets"]);
  });

  it.each([429, 408, 425, 500, 503, "nothing"] as const)(
    "wait in order behind one that was answered by %s, to be tried again (P13.3, P13.4)",
    async (answer) => {
      const outcomes = await bring([200, answer, 200], 3);
      expect(outcomes).toMatchObject([{ ok: true }, { ok: false, error: { retryable: true } }]);
      expect(sent).toHaveLength(2);
      const why =
        answer === "nothing" ? "nobody was reached at its address" : `it answered ${answer}`;
      expect(told).toEqual([`Error: webhook "tickets": The endpoint did not take it: ${why}.`]);
    },
  );

  it.each([400, 401, 404, 410, 301])(
    "are given up one by one where %s answers (P13.4)",
    async (answer) => {
      const outcomes = await bring([answer, 200], 2);
      const message = `The endpoint refused it with ${answer}.`;
      expect(outcomes).toMatchObject([
        { ok: false, error: { retryable: false, message } },
        { ok: true },
      ]);
    },
  );

  it("are given up when the deployment has no such webhook any more", async () => {
    const outcomes = await carrier([]).bring("another", [delivery(1)]);
    expect(outcomes).toMatchObject([{ ok: false, error: { code: "not_found", retryable: false } }]);
    expect(sent).toEqual([]);
  });
});

it.each([
  ["none", ""],
  ["one without its prefix", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
  ["one that is no base64", "whsec_!!!"],
  ["a short one", "whsec_c2hvcnQ="],
])("says what a secret must be, without showing %s", (_, secret) => {
  expect(() => new WebhookKeys(secret)).toThrow(/"whsec_" and 24 to 64 random bytes in base64\.$/);
});
