import { expect, it } from "vitest";
import { RoomKeep } from "../../../src/objects/room-keep.ts";
import { migrate } from "../../../src/storage/migrations.ts";
import { SqlKeep } from "../../../src/storage/sql-keep.ts";
import { NodeDatabase } from "../../../src/testing/node-database.ts";

it("goes on from what the sockets kept until the room's own storage has newer numbers", () => {
  const database = new NodeDatabase();
  migrate(database);
  const store = { isWritten: false, stats: new SqlKeep(database, "stats") };
  const keepsake = { epoch: "e", stats: { peak: 3 } };
  const told: unknown[] = [];
  const wake = () => new RoomKeep(store, keepsake, { keepStats: (value) => void told.push(value) });
  expect(wake().load()).toEqual({ peak: 3 });
  wake().save({ peak: 4 });
  expect(told).toEqual([{ peak: 4 }]);
  // Somebody has written, and the room slept before its next report.
  store.isWritten = true;
  expect(wake().load()).toEqual({ peak: 3 });
  wake().save({ peak: 5 });
  expect(wake().load()).toEqual({ peak: 5 });
});
