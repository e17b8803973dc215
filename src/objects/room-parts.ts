import { createVerifier, type Verifier } from "../auth/verifier.ts";
import { type Dataset, Journal } from "../metrics/journal.ts";
import { Reporter } from "../metrics/reporter.ts";
import { frameParser } from "../protocol/client-frame-schema.ts";
import { INNER_VERSION } from "../protocol/inner-version.ts";
import { isLogKind, type LogKind, parseRoomName, type RoomName } from "../protocol/room-name.ts";
import { readSettings, type SettingName } from "../protocol/settings.ts";
import { Door } from "../room/door.ts";
import { Room } from "../room/room.ts";
import { SqlRoomStore } from "../storage/sql-room-store.ts";
import { AlarmClock } from "./alarm-clock.ts";
import { Courier } from "./courier.ts";
import { Desk } from "./desk.ts";
import { DurableDatabase } from "./durable-database.ts";
import type { MetricsObject } from "./metrics-object.ts";
import { shardFor } from "./metrics-shard.ts";
import { RoomJournal } from "./room-journal.ts";
import type { RoomObject } from "./room-object.ts";
import { SocketRegistry } from "./socket-registry.ts";

/** The environment that a room reads its settings from, and reaches other rooms by. */
export type RoomEnv = Readonly<Partial<Record<SettingName, string>>> & {
  readonly ROOM: DurableObjectNamespace<RoomObject>;
  /** Where rooms report what they count. Absent on bare workerd, like the next. */
  readonly METRICS?: DurableObjectNamespace<MetricsObject>;
  readonly ANALYTICS?: Dataset;
};

/** What one room's object is made of. */
export interface RoomParts {
  readonly name: RoomName<LogKind>;
  readonly verifier: Verifier;
  readonly store: SqlRoomStore;
  readonly sockets: SocketRegistry;
  readonly alarm: AlarmClock;
  readonly room: Room;
  readonly door: Door;
  readonly desk: Desk;
  readonly courier: Courier;
  readonly journal: RoomJournal;
  readonly reporter: Reporter;
}

/** What the parts tell the object. */
export interface RoomSignals {
  /** Something waits for the flush. */
  queued(): void;
  /** Something was counted that is to be reported. */
  counted(): void;
}

/**
 * Builds the parts and joins them up.
 *
 * @param now milliseconds since the epoch.
 * @throws {Error} when the settings cannot be read. The Worker answers 503 before it gets here; an
 *   alarm may still come first after a bad deploy.
 */
export function assembleRoom(
  ctx: DurableObjectState,
  env: RoomEnv,
  now: number,
  { queued, counted }: RoomSignals,
): RoomParts {
  const read = readSettings(env);
  if (!read.ok) throw new Error(read.problem);
  const { limits, auth, metricsReportMs } = read.settings;
  const database = new DurableDatabase(ctx.storage);
  const store = new SqlRoomStore(database, () => crypto.randomUUID(), ctx.id.name);
  const name = logRoom(store.name);
  const journal = new RoomJournal(name.name, new Journal(env.ANALYTICS), Date.now);
  const sockets = new SocketRegistry(ctx, (session, code, clean, reason) => {
    room.counters.disconnected({ code, clean });
    journal.ended(session, { code, clean }, reason);
  });
  const room = new Room(name, { store, sockets, limits }, now);
  const reporter = new Reporter({
    counting: room.counters,
    connections: () => room.connections,
    keep: store.stats,
    everyMs: metricsReportMs,
    shard: shardFor(name.name, env.METRICS),
    journal,
  });
  const desk = new Desk({
    kind: name.kind,
    room,
    store,
    limits,
    numbers: () => reporter.numbers,
    storedBytes: () => ctx.storage.sql.databaseSize,
    queued,
    counted,
  });
  const courier = new Courier({
    outbox: store.outbox,
    // A new stub each time: one that failed may stay broken.
    room: (inbox) => ({
      deliver: (notices) => env.ROOM.getByName(inbox).deliver(notices, INNER_VERSION),
    }),
    random: Math.random,
    clock: Date.now,
    failed: (error) => journal.error("outbox", error),
    buried: (notices, reason) => {
      room.counters.buried(notices);
      journal.error("dead_letter", `${notices} given up: ${reason}`);
      counted();
    },
  });
  const door = new Door(room, limits, frameParser(name.kind, limits.contentChars));
  const verifier = createVerifier(auth, { background: (work) => ctx.waitUntil(work) });
  const alarm = new AlarmClock(ctx.storage);
  return { name, verifier, store, sockets, alarm, room, door, desk, courier, journal, reporter };
}

function logRoom(name: string): RoomName<LogKind> {
  const { kind } = parseRoomName(name);
  if (!isLogKind(kind)) throw new Error(`Rooms of kind "${kind}" are not kept here.`);
  return { name, kind };
}
