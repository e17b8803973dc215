import { runInDurableObject } from "cloudflare:test";
import type { DeadLetterPage } from "../../../src/protocol/http-answer.ts";
import { call } from "./http.ts";

/** What a room has given up, as its backend sees it. */
export async function lettersOf(room: string): Promise<DeadLetterPage> {
  const response = await call("GET", `/v1/rooms/${room}/dead-letters`);
  return response.json();
}

/** Puts a letter where a day of failures would have. */
export function bury(
  stub: DurableObjectStub,
  carrier: string,
  recipient: string,
  body: unknown,
): Promise<unknown> {
  return runInDurableObject(stub, (_, { storage }) =>
    storage.sql
      .exec(
        "INSERT INTO dead_letters (carrier, recipient, source, key, content, at, reason, given_up_at) VALUES (?, ?, 1, 'e#1', ?, ?, 'a test', ?)",
        carrier,
        recipient,
        JSON.stringify(body),
        Date.now(),
        Date.now(),
      )
      .toArray(),
  );
}
