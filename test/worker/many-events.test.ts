import { describe, expect, it } from "vitest";
import { EventReader } from "./support/event-reader.ts";
import { call } from "./support/http.ts";
import { tokenFor } from "./support/tokens.ts";

const room = () => `room-${crypto.randomUUID()}`;
const send = (name: string, content: string) =>
  call("POST", `/v1/rooms/${name}/messages?as=ben`, { body: { content } });

describe("one event stream of many rooms", () => {
  it("names the room in each event, and resumes all by one opaque cursor", async () => {
    const [one, two] = [room(), room()];
    const ada = await EventReader.ofRooms([one, two], "ada");
    await ada.see("joined_room", 2);
    await send(one, "first");
    await send(two, "second");
    await ada.see("new_message", 2);
    const heard = ada.frames.filter(({ type }) => type === "new_message");
    expect(
      Object.fromEntries(heard.map(({ room: name, payload }) => [name, payload.content])),
    ).toEqual({ [one]: "first", [two]: "second" });
    const { id = "" } = ada.parser.events.at(-1) ?? {};
    await ada.leave();
    await send(two, "missed");
    const back = await EventReader.ofRooms([one, two], "ada", { lastEventId: id });
    await back.see("new_message");
    expect(
      back.frames.filter(({ type }) => type === "joined_room").map((f) => f.payload.recovered),
    ).toEqual([true, true]);
    expect(back.frames.find(({ type }) => type === "new_message")).toMatchObject({
      room: two,
      payload: { content: "missed" },
    });
  });

  it("tells of a room that is refused by an event, and goes on with the others", async () => {
    const open = room();
    const token = await tokenFor("ada", { rooms: { [open]: ["read"] } });
    const ada = await EventReader.ofRooms([open, "secret"], "ada", { token });
    await ada.see("left");
    expect(ada.frames.find(({ type }) => type === "left")).toMatchObject({
      room: "secret",
      payload: { code: 4403, reason: "access_denied" },
    });
    await send(open, "hello");
    await ada.see("new_message");
    await call("DELETE", `/v1/rooms/${open}/users/ada`, {});
    await ada.see("left", 2);
    expect(ada.ended).toBe(false);
  });

  it.each(["", "rooms=", `rooms=${Array.from({ length: 33 }, room).join()}`])(
    "takes 1 to 32 rooms, and not ?%s",
    async (query) => {
      const response = await call("GET", `/v1/events?${query}`, { auth: await tokenFor("ada") });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: "invalid_request" } });
    },
  );
});

interface Page {
  readonly events: readonly { readonly room: string; readonly payload: { content: string } }[];
  readonly cursor: string;
  readonly left?: Record<string, unknown>;
  readonly unrecovered?: readonly string[];
}

async function poll(query: string, token?: string): Promise<Page> {
  const response = await call("GET", `/v1/poll?${query}`, {
    auth: token ?? (await tokenFor("ada")),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  return response.json<Page>();
}

describe("one poll of many rooms", () => {
  it("reads on in all of them, by one cursor", async () => {
    const [one, two] = [room(), room()];
    const rooms = `rooms=${one},${two}`;
    await send(one, "before");
    const { cursor, events } = await poll(rooms);
    expect(events).toEqual([]);
    await send(one, "a");
    await send(two, "b");
    const page = await poll(`${rooms}&cursor=${cursor}`);
    expect(page.events.map((event) => [event.room, event.payload.content])).toEqual([
      [one, "a"],
      [two, "b"],
    ]);
    expect((await poll(`${rooms}&cursor=${page.cursor}`)).events).toEqual([]);
    expect(page.unrecovered).toBeUndefined();
  });

  it("waits until any room has something to tell", async () => {
    const [one, two] = [room(), room()];
    const rooms = `rooms=${one},${two}`;
    const { cursor } = await poll(rooms);
    const waiting = poll(`${rooms}&wait=20&cursor=${cursor}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = performance.now();
    await send(two, "now");
    const page = await waiting;
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(page.events.map((event) => event.payload.content)).toEqual(["now"]);
    expect((await poll(`${rooms}&cursor=${page.cursor}`)).events).toEqual([]);
  });

  it("is empty at the deadline, and reads on from there", async () => {
    const one = room();
    const { cursor } = await poll(`rooms=${one}`);
    const page = await poll(`rooms=${one}&wait=1&cursor=${cursor}`);
    expect(page.events).toEqual([]);
    await send(one, "later");
    expect((await poll(`rooms=${one}&cursor=${page.cursor}`)).events).toHaveLength(1);
  });

  it("says which rooms are refused, and gives no right by a cursor", async () => {
    const [open, shut] = [room(), room()];
    const { cursor } = await poll(`rooms=${open},${shut}`);
    await send(shut, "not for you");
    const token = await tokenFor("ada", { rooms: { [open]: ["read"] } });
    const page = await poll(`rooms=${open},${shut}&cursor=${cursor}`, token);
    expect(page.events).toEqual([]);
    expect(page.left).toMatchObject({ [shut]: { code: 4403, reason: "access_denied" } });
  });

  it("says where it cannot read on, and refuses a cursor that is none of ours", async () => {
    const one = room();
    const { cursor } = await poll(`rooms=${one}`);
    await call("DELETE", `/v1/rooms/${one}`, {});
    await send(one, "in another life");
    expect(await poll(`rooms=${one}&cursor=${cursor}`)).toMatchObject({ unrecovered: [one] });
    const response = await call("GET", `/v1/poll?rooms=${one}&cursor=nonsense`, {
      auth: await tokenFor("ada"),
    });
    expect(response.status).toBe(400);
  });
});
