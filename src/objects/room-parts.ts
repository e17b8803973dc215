import { createVerifier } from "../auth/verifier.ts";
import { INBOX_CARRIER } from "../kinds/inbox/notice.ts";
import type { KindTable } from "../kinds/kind-table.ts";
import { StateNotMigrated } from "../kinds/running/migration.ts";
import { type Dataset, Journal } from "../metrics/journal.ts";
import { Reporter } from "../metrics/reporter.ts";
import type { Admission } from "../protocol/admission.ts";
import type { Authorizers } from "../protocol/authority.ts";
import type { Refusal } from "../protocol/error.ts";
import type { Imported } from "../protocol/http-answer.ts";
import { INNER_VERSION } from "../protocol/inner-version.ts";
import type { Keepsake, KeptSession } from "../protocol/kept-session.ts";
import { ROOM_IS_NEWER, ROOM_NOT_MIGRATED } from "../protocol/refusals.ts";
import { readSettings, type SettingName } from "../protocol/settings.ts";
import { Door } from "../room/door.ts";
import { Room } from "../room/room.ts";
import type { Database } from "../storage/database.ts";
import { NewerSchemaError } from "../storage/migrations.ts";
import { NO_DATABASE } from "../storage/no-database.ts";
import { SqlRoomStore } from "../storage/sql-room-store.ts";
import { ClosedDesk } from "./closed-desk.ts";
import { within } from "./deadline.ts";
import { Couriers } from "./delivery/couriers.ts";
import { inboxCarrier } from "./delivery/inbox-carrier.ts";
import { type Outside, outsideCarriers, subscriptionsIn } from "./delivery/outside.ts";
import { Desk } from "./desk.ts";
import { DurableDatabase } from "./durable-database.ts";
import type { SocketHost } from "./host/socket-host.ts";
import type { MetricsObject } from "./metrics-object.ts";
import { shardFor } from "./metrics-shard.ts";
import { Reauthorization } from "./reauthorization.ts";
import { reviewerOf } from "./reviewer.ts";
import type { RoomApi, RoomNamespace, RoomResult } from "./room-api.ts";
import { RoomGuest } from "./room-guest.ts";
import { RoomJournal } from "./room-journal.ts";
import { RoomKeep } from "./room-keep.ts";
import { SessionSockets } from "./session-sockets.ts";

/** The environment that a room reads its settings from, and reaches other rooms by. */
export type RoomEnv = Readonly<Partial<Record<SettingName, string>>> & {
  readonly ROOM: RoomNamespace;
  /** Where rooms report what they count. Absent on bare workerd, like the next. */
  readonly METRICS?: DurableObjectNamespace<MetricsObject>;
  readonly ANALYTICS?: Dataset;
};

/** What all rooms of a deployment have in common. */
export interface RoomDeployment extends Outside {
  /** What a name may say that its room is. */
  readonly kinds: KindTable;
  /** Rules on who may be in a room. */
  readonly authorizers: Authorizers;
}

/** Where a room lives. */
export interface RoomPlace extends RoomDeployment {
  readonly ctx: DurableObjectState;
  readonly env: RoomEnv;
  readonly host: SocketHost<Admission, KeptSession>;
}

/** What one life of a room is made of, as far as its object and the next life need it. */
export interface RoomParts {
  readonly store: SqlRoomStore;
  readonly room: Room;
  readonly guest: RoomGuest;
  readonly desk: RoomApi;
  readonly journal: RoomJournal;
  readonly reporter: Reporter;
}

/** What a room does about its own life. */
export interface LifeActs {
  /** The room's life is over. */
  end(now: number): Promise<void>;
  /** The room's life is to end. */
  erase(): Promise<void>;
  /** An export is to be taken in. */
  restore(lines: ReadableStream<Uint8Array>): Promise<RoomResult<Imported>>;
}

/** A room that is closed to everybody for now. */
export interface Closed {
  /** What everybody is told. */
  readonly why: Refusal;
  /** Whether the backend may erase it all the same, because nothing of it is stored for good. */
  readonly isErasable: boolean;
}

/** How a life of the room begins. */
export interface Beginning {
  readonly closed: Closed | undefined;
  /** What the sockets kept of a life that goes on without storage; a new life has another epoch. */
  readonly keepsake: Keepsake | undefined;
}

/**
 * Builds the parts and joins them up.
 *
 * @throws {Error} when the settings cannot be read. The Worker answers 503 before it gets here; an
 *   alarm may still come first after a bad deploy.
 */
export function assembleRoom(
  place: RoomPlace,
  acts: LifeActs,
  { closed, keepsake }: Beginning,
): RoomParts {
  const { end, erase, restore } = acts;
  const { ctx, env, kinds, host } = place;
  const read = readSettings(env);
  if (!read.ok) throw new Error(read.problem);
  const { auth, metricsReportMs, reviewTimeoutMs } = read.settings;
  const sockets = new SessionSockets(host.sockets, (session, { code, clean, reason }) => {
    room.counters.disconnected({ code, clean });
    journal.ended(session, { code, clean }, reason);
  });
  const newId = () => crypto.randomUUID();
  const beginning = { newEpoch: () => keepsake?.epoch ?? newId(), kinds };
  const { store, cannotOpen } =
    closed === undefined ? openStore(ctx, beginning) : closedStore(ctx, beginning, closed.why);
  if (!store.isWritten) sockets.keepEpoch(store.log.epoch);
  const { name, kind } = store;
  const limits = kind.limits(read.settings.limits);
  const journal = new RoomJournal(name, new Journal(env.ANALYTICS), Date.now);
  const subscriptions = subscriptionsIn(name, place);
  const review = kind.review(limits);
  const reviewer =
    review === undefined
      ? undefined
      : reviewerOf(review, {
          env,
          timeoutMs: reviewTimeoutMs,
          within,
          turns: host.turns,
          failed: (error) => {
            room.counters.blamed("review");
            journal.error("review", error);
          },
        });
  const ports = { store, sockets, limits, subscriptions, reviewer, newId, random: Math.random };
  let room: Room;
  try {
    room = new Room(name, kind, ports);
  } catch (error) {
    if (!(error instanceof StateNotMigrated)) throw error;
    journal.error("open", error);
    const unmigrated = { why: ROOM_NOT_MIGRATED, isErasable: false };
    return assembleRoom(place, acts, { closed: unmigrated, keepsake });
  }
  const reporter = new Reporter({
    counting: room.counters,
    connections: () => room.connections,
    keep: new RoomKeep(store, keepsake, sockets),
    everyMs: metricsReportMs,
    shard: shardFor(name, env.METRICS),
    journal,
  });
  const openDesk = new Desk({
    kind,
    room,
    store,
    limits,
    numbers: () => reporter.numbers,
    storedBytes: () => ctx.storage.sql.databaseSize,
    retry: (recipients) => guest.retry(recipients),
    audited: (audit) => journal.audited(audit),
    erase,
    restore,
    nudged: (now, userId) => reauthorization.begin(now, userId),
  });
  const reauthorization = new Reauthorization({
    turns: host.turns,
    name,
    room,
    authorizer: place.authorizers.of(name),
    env,
    journal,
    clock: Date.now,
  });
  const guest = new RoomGuest({
    turns: host.turns,
    name,
    room,
    authorizes: kind.authorizes,
    reauthorization,
    door: new Door(room, limits, kind.parser(limits)),
    sockets,
    couriers: couriersOf(place, store, room, journal),
    verifier: createVerifier(auth, { background: (work) => ctx.waitUntil(work) }),
    journal,
    reports: reporter,
    closed: cannotOpen,
    end,
  });
  const eraser = closed?.isErasable === true ? openDesk : undefined;
  const desk = cannotOpen === undefined ? openDesk : new ClosedDesk(cannotOpen, eraser);
  return { store, room, guest, desk, journal, reporter };
}

function couriersOf(
  place: RoomPlace,
  { outbox }: SqlRoomStore,
  room: Room,
  journal: RoomJournal,
): Couriers {
  const { env } = place;
  return new Couriers({
    outbox,
    carriers: {
      // A new stub each time: one that failed may stay broken.
      [INBOX_CARRIER]: inboxCarrier((name) => ({
        deliver: (notices) => env.ROOM.getByName(name).deliver(notices, INNER_VERSION),
      })),
      ...outsideCarriers(place, {
        env,
        failed: (where, error) => {
          if (where === "after") room.counters.blamed("after");
          journal.error(where, error);
        },
      }),
    },
    random: Math.random,
    clock: Date.now,
    within,
    failed: (error) => journal.error("outbox", error),
    buried: (deliveries, reason, dropped) => {
      room.buried(deliveries, dropped, Date.now());
      journal.error("dead_letter", `${deliveries} given up: ${reason}`);
    },
  });
}

/** A room's storage, and why this code may not use it. */
interface Opened {
  readonly store: SqlRoomStore;
  readonly cannotOpen: Refusal | undefined;
}

/** What a room without storage begins with, and what it is by its name. */
interface StoreBeginning {
  readonly newEpoch: () => string;
  readonly kinds: KindTable;
}

function openStore(ctx: DurableObjectState, beginning: StoreBeginning): Opened {
  const database = new DurableDatabase(ctx.storage);
  try {
    const store = storeOn(database, ctx, beginning);
    if (!store.isHalf) return { store, cannotOpen: undefined };
  } catch (error) {
    if (error instanceof NewerSchemaError) return closedStore(ctx, beginning, ROOM_IS_NEWER);
    throw error;
  }
  // An import ended with the life of the object that took it in.
  ctx.waitUntil(ctx.storage.deleteAll());
  return { store: storeOn(database, ctx, beginning), cannotOpen: undefined };
}

function closedStore(
  ctx: DurableObjectState,
  beginning: StoreBeginning,
  cannotOpen: Refusal,
): Opened {
  const store = storeOn(NO_DATABASE, ctx, beginning);
  store.close();
  return { store, cannotOpen };
}

function storeOn(
  database: Database,
  { id }: DurableObjectState,
  { newEpoch, kinds }: StoreBeginning,
): SqlRoomStore {
  return new SqlRoomStore(database, newEpoch, id.name, (name) => kinds.of(name));
}
