import { afterAll, beforeAll, expect, it } from "vitest";
import { pause } from "../support/pause.ts";
import { Server } from "../support/server.ts";
import { seqsTo } from "./support/seqs-to.ts";
import { StreamReader } from "./support/stream-reader.ts";
import { until } from "./support/until.ts";
import { Writer } from "./support/writer.ts";

let server: Server;
beforeAll(async () => {
  server = await Server.start({ LIMIT_RESUME_EVENTS: "100000" });
});
afterAll(() => server.stop());

it("loses and repeats nothing for the package eventsource when the server is killed", async () => {
  const busy = new Writer(server.url, "busy");
  const reader = StreamReader.open(server.url, "busy", "ada");
  const quiet = StreamReader.open(server.url, "quiet", "ada");
  await until(() => reader.joined.length + quiet.joined.length === 2);
  const writing = busy.write(150, "hello", 5);
  await until(() => reader.seqs.length >= 50);

  await server.kill();
  const seenBefore = reader.seqs.length;
  await server.up();
  await writing;
  // Nothing durable had come here before the kill: the id of joined_room is all there is.
  await new Writer(server.url, "quiet").write(1);
  await until(() => reader.seqs.length >= 150 && quiet.seqs.length >= 1);
  await pause(100);

  expect(reader.seqs).toEqual(seqsTo(150));
  expect(reader.joined.map(({ recovered }) => recovered)).toEqual([false, true]);
  expect(quiet.seqs).toEqual([1]);
  // A room that nobody ever wrote in keeps nothing over a kill: it begins anew, and nothing is lost.
  expect(quiet.joined.map(({ recovered }) => recovered)).toEqual([false, false]);
  const seenAfter = reader.seqs.length - seenBefore;
  console.log(JSON.stringify({ test: "event-stream", seenBefore, seenAfter }));
  reader.close();
  quiet.close();
});
