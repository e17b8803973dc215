import { env, exports } from "cloudflare:workers";
import { expect } from "vitest";
import { call } from "./http.ts";
import { Peer } from "./peer.ts";

export const room = () => `room-${crypto.randomUUID()}`;

type Body = string | ReadableStream<Uint8Array>;

export async function exported(name: string): Promise<string> {
  const response = await call("GET", `/v1/rooms/${name}/export`);
  expect([response.status, response.headers.get("Content-Type")]).toEqual([
    200,
    "application/x-ndjson",
  ]);
  return response.text();
}

export function importInto(
  name: string,
  body: Body,
  auth: string = env.API_KEY,
): Promise<Response> {
  return exports.default.fetch(
    new Request(`https://edge.test/v1/rooms/${name}/import`, {
      method: "POST",
      headers: { Authorization: `Bearer ${auth}` },
      body,
    }),
  );
}

export async function json(path: string): Promise<Record<string, unknown>> {
  return (await call("GET", `/v1/rooms/${path}`)).json();
}

/** A chat with every kind of thing in it. */
export async function livelyRoom(): Promise<string> {
  const name = room();
  const ada = await Peer.connect(name, "ada");
  await ada.ask(
    "send_message",
    { content: "héllo 響 \u2028", data: { b: 1, "2": [null, "x"] } },
    "m-1",
  );
  await ada.say("to be edited");
  await ada.ask("edit_message", { seq: 2, content: "edited" });
  await ada.ask("edit_message", { seq: 2, content: "edited twice" });
  await ada.say("to be deleted");
  await ada.ask("edit_message", { seq: 5, content: "secret" });
  await ada.ask("delete_message", { seq: 5 });
  await ada.ask("react", { seq: 1, emoji: "👍" });
  await ada.ask("send_message", { content: "reply", replyTo: 1, mentions: ["ben"] });
  await call("POST", `/v1/rooms/${name}/read?as=ben`, { body: { upTo: 3 } });
  await call("DELETE", `/v1/rooms/${name}/users/eve?ban=600`);
  ada.close();
  await ada.untilClosed();
  return name;
}
