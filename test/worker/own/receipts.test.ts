import { expect, it, vi } from "vitest";
import { exported, importInto, json } from "../support/archive.ts";
import { EventReader } from "../support/event-reader.ts";
import { call } from "../support/http.ts";
import { Peer } from "../support/peer.ts";
import { tokenFor } from "../support/tokens.ts";

const room = () => `counter:${crypto.randomUUID()}`;

async function read(name: string, userId: string, upTo: unknown): Promise<number> {
  const options = { auth: await tokenFor(userId), body: { upTo } };
  return (await call("POST", `/v1/rooms/${name}/read`, options)).status;
}

it("are taken and told in rooms whose contract has them, over every way in (P12.13)", async () => {
  const name = room();
  const ada = await Peer.connect(name, "ada");
  const plain = await Peer.connect(name, "cyd", { wire: "msgpack" });
  const streamed = await EventReader.open(name, "dan");
  const auth = await tokenFor("eve");
  const start = await call("GET", `/v1/rooms/${name}/poll`, { auth });
  const { epoch } = await start.json<{ epoch: string }>();
  await ada.ask("add", { by: 1 }, "m-1");
  await ada.ask("add", { by: 1 }, "m-2");
  const polled = call("GET", `/v1/rooms/${name}/poll?wait=20&since=2&epoch=${epoch}`, { auth });
  // The poll has to have come in, for what is not stored is told to nobody later.
  await vi.waitUntil(async () => (await json(`${name}/stats`))["connections"] === 4);
  expect(await read(name, "ben", 1)).toBe(204);
  const { events } = await (await polled).json<{ events: object[] }>();
  expect(events).toMatchObject([{ type: "messages_read", payload: { userId: "ben", upTo: 1 } }]);
  await ada.ask("read_messages", { upTo: 2 }, "m-3");
  for (const reader of [ada, plain, streamed]) {
    await reader.see("messages_read", 2);
    const told = reader.frames.filter(({ type }) => type === "messages_read");
    expect(told.map(({ payload }) => payload)).toEqual([
      { userId: "ben", upTo: 1 },
      { userId: "ada", upTo: 2 },
    ]);
  }
  const fay = await Peer.connect(name, "fay");
  expect(fay.joined.reads).toEqual({ ada: 2, ben: 1 });
});

it("only ever move up, and never beyond what is there (P12.13)", async () => {
  const name = room();
  const ada = await Peer.connect(name, "ada");
  await ada.ask("add", { by: 1 }, "m-1");
  for (const upTo of [9, 0]) expect(await read(name, "ben", upTo)).toBe(204);
  expect(await read(name, "ben", "1")).toBe(400);
  expect((await Peer.connect(name, "fay")).joined.reads).toEqual({ ben: 1 });
});

it("need the grant to read, and are of no room whose contract has none (P12.13)", async () => {
  const auth = await tokenFor("ada", { rooms: { "*": ["write", "publish"] } });
  const denied = await call("POST", `/v1/rooms/${room()}/read`, { auth, body: { upTo: 0 } });
  expect(denied.status).toBe(403);
  const name = `poll:${crypto.randomUUID()}`;
  expect(await read(name, "ada", 0)).toBe(404);
  const ada = await Peer.connect(name, "ada");
  expect(await ada.ask("read_messages", { upTo: 0 }, "m-1")).toMatchObject({
    success: false,
    error: { code: "unknown_type" },
  });
  expect(ada.joined.reads).toEqual({});
});

it("come along with an export, and back (P12.13)", async () => {
  const name = room();
  const ada = await Peer.connect(name, "ada");
  await ada.ask("add", { by: 1 }, "m-1");
  await read(name, "ben", 1);
  const lines = await exported(name);
  await call("DELETE", `/v1/rooms/${name}`);
  expect((await importInto(name, lines)).status).toBe(201);
  expect((await Peer.connect(name, "fay")).joined.reads).toEqual({ ben: 1 });
});
