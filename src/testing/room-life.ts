import { BUILT_IN } from "../kinds/built-in.ts";
import { KindTable } from "../kinds/kind-table.ts";
import { type RoomLimits, readSettings } from "../protocol/settings.ts";
import type { RoomSockets } from "../room/connections/sockets.ts";
import { Door } from "../room/door.ts";
import type { RoomKind } from "../room/hooks/kind.ts";
import type { Reviewer } from "../room/hooks/review.ts";
import type { Subscription } from "../room/hooks/subscription.ts";
import { Room } from "../room/room.ts";
import type { Database } from "../storage/database.ts";
import { SqlRoomStore } from "../storage/sql-room-store.ts";

/** What a life of a room begins with. */
export interface Beginning {
  readonly name: string;
  readonly database: Database;
  readonly sockets: RoomSockets;
  readonly limits: RoomLimits;
  /** Names the life, where nothing is stored. */
  readonly newEpoch: () => string;
  /** Names marks. */
  readonly newId: () => string;
  readonly random: () => number;
  /** What its name may say that it is: one of the default deployment's, when absent. */
  readonly kinds?: KindTable;
  /** Who looks at its frames before they are queued; nobody when absent. */
  readonly reviewer?: (kind: RoomKind, limits: RoomLimits) => Reviewer | undefined;
  /** Who outside hears of what is stored in it. */
  readonly subscriptions?: readonly Subscription[] | undefined;
}

/** What one life of a room has in memory: the real room, its door, and its storage. */
export interface RoomLife {
  readonly store: SqlRoomStore;
  readonly room: Room;
  readonly door: Door;
}

const BY_DEFAULT = new KindTable(BUILT_IN);

/** Opens the real room on what is stored. */
export function openLife({
  name,
  database,
  sockets,
  limits: deployed,
  newEpoch,
  newId,
  random,
  kinds = BY_DEFAULT,
  subscriptions,
  reviewer: reviewerFor,
}: Beginning): RoomLife {
  const store = new SqlRoomStore(database, newEpoch, name, (named) => kinds.of(named));
  const limits = store.kind.limits(deployed);
  const reviewer = reviewerFor?.(store.kind, limits);
  const ports = { store, sockets, limits, subscriptions, reviewer, newId, random };
  const room = new Room(name, store.kind, ports);
  return { store, room, door: new Door(room, limits, store.kind.parser(limits)) };
}

const NO_SOCKETS: RoomSockets = {
  send() {},
  close() {},
  save() {},
  answeredAt: () => undefined,
};

/** What a room that sleeps has stored, to be read alone. */
export function openAsleep(name: string, database: Database, kinds = BY_DEFAULT): RoomLife {
  return openLife({
    name,
    database,
    kinds,
    sockets: NO_SOCKETS,
    limits: limitsOf(),
    newEpoch: () => "",
    newId: () => "",
    random: () => 0,
  });
}

/** The limits by default, but for what `vars` say. */
export function limitsOf(vars: Readonly<Record<string, string>> = {}): RoomLimits {
  const read = readSettings({
    AUTH_SECRET: "a-secret-of-tests-and-of-nothing-else-at-all",
    ...vars,
  });
  if (!read.ok) throw new Error(read.problem);
  return read.settings.limits;
}
