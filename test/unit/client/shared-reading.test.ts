import { describe, expect, it } from "vitest";
import "../../../src/client/http-transports.ts";
import { RealtimeClient } from "../../../src/client/client.ts";
import { decodeRoomsCursor } from "../../../src/protocol/rooms-cursor-text.ts";
import { answer, FakeHttp, FakeStream, never, refusal } from "./support/fake-http.ts";
import { FakeNetwork, type SentRequest } from "./support/fake-network.ts";
import { ManualClock, settle } from "./support/manual-clock.ts";
import { frame, joined, jwt, newMessage } from "./support/scene.ts";

const TOKEN = jwt(Date.parse("2030-01-01T00:00:00Z"));

interface OpenStream {
  readonly stream: FakeStream;
  readonly request: SentRequest;
}

/** A server that greets on every stream, and a client that reads by one transport alone. */
function readingScene(transport: "sse" | "poll", isOld = false) {
  const clock = new ManualClock();
  const network = new FakeNetwork(clock);
  const http = new FakeHttp(network);
  const streams: OpenStream[] = [];
  const polls: { readonly request: SentRequest; readonly answer: (body: object) => void }[] = [];
  http.on(/^GET .*\/events$/, (request) => {
    const rooms = request.url.searchParams.get("rooms")?.split(",");
    if (rooms !== undefined && isOld) return refusal(404, "not_found");
    const stream = new FakeStream(request.signal);
    streams.push({ stream, request });
    const { searchParams } = request.url;
    const known = new Map(placesOf(request));
    if (rooms === undefined) stream.say(joined({ recovered: searchParams.has("since") }));
    for (const room of rooms ?? []) {
      const recovered = known.has(room);
      stream.say({ room, ...joined({ roomId: room, recovered, seq: known.get(room) ?? 0 }) });
    }
    return stream.response;
  });
  http.on(/^GET .*\/(messages|users)$/, () =>
    answer(200, { messages: [], users: [], epoch: "e1", seq: 0, hasMore: false }),
  );
  http.on(/^GET .*\/poll$/, (request) => {
    if (request.url.searchParams.has("rooms") && isOld) return refusal(404, "not_found");
    if (request.url.searchParams.get("wait") === "0") {
      return answer(200, { events: [], epoch: "e1", seq: 0, recovered: true });
    }
    return new Promise((resolve, reject) => {
      polls.push({ request, answer: (body) => resolve(answer(200, body)) });
      request.signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  });
  http.on(/^POST/, never);
  const { environment } = network;
  const url = "https://edge.example";
  const client = new RealtimeClient({ url, token: TOKEN, transport, environment });
  const enter = async (...ids: readonly string[]) => {
    const rooms = ids.map((id) => client.room(id));
    for (let turns = 0; turns < 8; turns += 1) await settle();
    await clock.advance(50);
    return rooms;
  };
  return { clock, network, http, streams, polls, client, enter };
}

/** Where a request says that its reader stands. */
function placesOf(request: SentRequest | undefined): [string, number][] {
  const cursor = request?.url.searchParams.get("cursor") ?? undefined;
  const places = cursor === undefined ? [] : decodeRoomsCursor(cursor);
  // Written by the SDK itself, as P20.9 has it.
  return (places as [string, string, number][]).map(([room, , seq]) => [room, seq]);
}

function roomsOf(request: SentRequest | undefined): readonly string[] {
  return request?.url.searchParams.get("rooms")?.split(",") ?? [];
}

describe("rooms that share an event stream (P20.7)", () => {
  it("are on one when they are entered together", async () => {
    const { enter, streams } = readingScene("sse");
    const rooms = await enter("a", "b", "c");
    expect(rooms.map(({ status, transport }) => [status, transport])).toEqual(
      rooms.map(() => ["open", "sse"]),
    );
    expect(streams.map(({ request }) => roomsOf(request))).toEqual([["a", "b", "c"]]);
  });

  it("move to another one when one comes, from where each stands, and hear everything once", async () => {
    const { enter, streams } = readingScene("sse");
    const [a, b] = await enter("a", "b");
    const heard: string[] = [];
    a?.on("new_message", ({ seq }) => heard.push(`a${seq}`));
    b?.on("new_message", ({ seq }) => heard.push(`b${seq}`));
    const statuses: string[] = [];
    a?.on("status", ({ status }) => statuses.push(status));
    streams[0]?.stream.say({ room: "a", ...newMessage(1) }, { room: "a", ...newMessage(2) });
    await settle();
    const [c] = await enter("c");
    expect(roomsOf(streams[1]?.request)).toEqual(["a", "b", "c"]);
    expect(placesOf(streams[1]?.request).toSorted()).toEqual([
      ["a", 2],
      ["b", 0],
    ]);
    expect(streams[0]?.stream.isAborted).toBe(true);
    streams[1]?.stream.say({ room: "a", ...newMessage(2) }, { room: "b", ...newMessage(1) });
    await settle();
    expect(heard).toEqual(["a1", "a2", "b1"]);
    expect([statuses, c?.status]).toEqual([[], "open"]);
  });

  it("let the server know of one that leaves", async () => {
    const { enter, streams, clock } = readingScene("sse");
    const [a] = await enter("a", "b", "c");
    void a?.leave();
    await clock.advance(50);
    expect(streams.map(({ request }) => roomsOf(request))).toEqual([
      ["a", "b", "c"],
      ["b", "c"],
    ]);
    expect(streams.map(({ stream }) => stream.isAborted)).toEqual([true, false]);
  });

  it("leave the others alone when one is refused, or ends", async () => {
    const { enter, streams, clock } = readingScene("sse");
    const [a, b, c] = await enter("a", "b", "c");
    const statuses: string[] = [];
    c?.on("status", ({ status }) => statuses.push(status));
    const error = { code: "banned", message: "You are banned.", retryable: false };
    const [first] = streams;
    first?.stream.say({ room: "a", ...frame("left", { code: 4403, reason: "banned", error }) });
    await settle();
    expect([a?.status, a?.reason?.code]).toEqual(["closed", "banned"]);
    // One that may be entered again ends the stream with it.
    first?.stream.say({ room: "b", ...frame("left", { code: 1012, reason: "restart" }) });
    first?.stream.end();
    await clock.advance(5_000);
    expect([b?.status, c?.status]).toEqual(["open", "open"]);
    expect(statuses).toEqual([]);
  });

  it("are all lost with it, and come back on one", async () => {
    const { enter, streams, clock } = readingScene("sse");
    const rooms = await enter("a", "b", "c");
    streams[0]?.stream.end();
    await settle();
    expect(rooms.map(({ status }) => status)).toEqual(rooms.map(() => "reconnecting"));
    await clock.advance(5_000);
    expect(rooms.map(({ status }) => status)).toEqual(rooms.map(() => "open"));
    expect(roomsOf(streams.at(-1)?.request).toSorted()).toEqual(["a", "b", "c"]);
    expect(streams.filter(({ stream }) => !stream.isAborted)).toHaveLength(2);
  });

  it("have their own where the server has no others", async () => {
    const { enter, streams } = readingScene("sse", true);
    const rooms = await enter("a", "b", "c");
    expect(rooms.map(({ status }) => status)).toEqual(rooms.map(() => "open"));
    expect(streams.map(({ request }) => request.url.pathname).toSorted()).toEqual([
      "/v1/rooms/a/events",
      "/v1/rooms/b/events",
      "/v1/rooms/c/events",
    ]);
  });
});

describe("rooms that are polled together (P20.8)", () => {
  it("are asked for by one request, each from where it stands", async () => {
    const { enter, polls, clock } = readingScene("poll");
    const [a, b] = await enter("a", "b");
    const heard: string[] = [];
    a?.on("new_message", ({ seq }) => heard.push(`a${seq}`));
    b?.on("new_message", ({ seq }) => heard.push(`b${seq}`));
    const waiting = polls.filter(({ request }) => !request.signal.aborted);
    expect(waiting.map(({ request }) => roomsOf(request))).toEqual([["a", "b"]]);
    const places = [
      ["a", "e1", 1],
      ["b", "e1", 0],
    ];
    const cursor = btoa(JSON.stringify(places)).replace(/=+$/, "");
    waiting[0]?.answer({ events: [{ room: "a", ...newMessage(1) }], cursor });
    await clock.advance(10);
    expect(heard).toEqual(["a1"]);
    expect(placesOf(polls.at(-1)?.request).toSorted()).toEqual([
      ["a", 1],
      ["b", 0],
    ]);
  });

  it("leave the others alone when one is refused", async () => {
    const { enter, polls, clock } = readingScene("poll");
    const [a, b] = await enter("a", "b");
    const error = { code: "banned", message: "You are banned.", retryable: false };
    const cursor = btoa(JSON.stringify([["b", "e1", 0]])).replace(/=+$/, "");
    polls.at(-1)?.answer({ events: [], cursor, left: { a: { code: 4403, reason: "", error } } });
    await clock.advance(10);
    expect([a?.status, a?.reason?.code, b?.status]).toEqual(["closed", "banned", "open"]);
  });

  it("are polled one by one where the server has no other way", async () => {
    const { enter, polls, clock } = readingScene("poll", true);
    const rooms = await enter("a", "b");
    await clock.advance(5_000);
    expect(rooms.map(({ status }) => status)).toEqual(["open", "open"]);
    const waiting = polls.filter(({ request }) => !request.signal.aborted);
    expect(waiting.map(({ request }) => request.url.pathname).toSorted()).toEqual([
      "/v1/rooms/a/poll",
      "/v1/rooms/b/poll",
    ]);
  });
});
