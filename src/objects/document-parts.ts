import { KeptDocument } from "../document/kept-document.ts";
import { LiveDocument } from "../document/live-document.ts";
import { documentContract } from "../kinds/document/contract.ts";
import { DocumentCounters } from "../metrics/document-counters.ts";
import { type Dataset, Journal } from "../metrics/journal.ts";
import { hookKey } from "../metrics/kind-key.ts";
import { Reporter } from "../metrics/reporter.ts";
import type { Authorizers } from "../protocol/authority.ts";
import type { DocumentAdmission, KeptEditor } from "../protocol/document-admission.ts";
import { type Refusal, refusal } from "../protocol/error.ts";
import { readSettings, type SettingName } from "../protocol/settings.ts";
import type { Database } from "../storage/database.ts";
import { NewerSchemaError } from "../storage/migrations.ts";
import { NO_DATABASE } from "../storage/no-database.ts";
import { SqlDocumentStore } from "../storage/sql-document-store.ts";
import type { VersionTidings } from "../storage/sql-versions.ts";
import { within } from "./deadline.ts";
import { Couriers } from "./delivery/couriers.ts";
import { type Outside, outsideCarriers, subscriptionsIn } from "./delivery/outside.ts";
import { DocumentDesk } from "./document-desk.ts";
import { DocumentGuest } from "./document-guest.ts";
import { tidingsOf } from "./document-tidings.ts";
import { DurableDatabase } from "./durable-database.ts";
import { HostedEditors } from "./editor-sockets.ts";
import type { SocketHost } from "./host/socket-host.ts";
import type { MetricsObject } from "./metrics-object.ts";
import { shardFor } from "./metrics-shard.ts";
import { Reauthorization } from "./reauthorization.ts";
import { RoomJournal } from "./room-journal.ts";
import { RoomKeep } from "./room-keep.ts";

/** The environment that a document reads its settings from. */
export type DocumentEnv = Readonly<Partial<Record<SettingName, string>>> & {
  /** Where documents report what they count. */
  readonly METRICS?: DurableObjectNamespace<MetricsObject>;
  readonly ANALYTICS?: Dataset;
};

/** What all documents of a deployment have in common. */
export interface DocumentDeployment extends Outside {
  /** Rules on who may be in one. */
  readonly authorizers: Authorizers;
}

/** Where a document lives. */
export interface DocumentPlace extends DocumentDeployment {
  readonly ctx: DurableObjectState;
  readonly env: DocumentEnv;
  readonly host: SocketHost<DocumentAdmission, KeptEditor>;
}

/** What a document is made of, as far as its object needs it. */
export interface DocumentParts {
  readonly guest: DocumentGuest;
  readonly desk: DocumentDesk;
}

const NEWER_DOCUMENT: Refusal = refusal(
  "internal",
  "A newer version of Hibiki wrote this document. Finish the deployment of that version, then try again.",
);

/**
 * Builds the parts and joins them up.
 *
 * @throws {Error} when the settings cannot be read: an alarm may come first after a bad deploy.
 */
export function assembleDocument(place: DocumentPlace): DocumentParts {
  const { ctx, env, host, authorizers } = place;
  const read = readSettings(env);
  if (!read.ok) throw new Error(read.problem);
  const { documents: limits, metricsReportMs } = read.settings;
  const name = ctx.id.name ?? "";
  const journal = new RoomJournal(name, new Journal(env.ANALYTICS), Date.now);
  const { turns } = host;
  const tidings = {
    room: name,
    subscriptions: subscriptionsIn(name, place),
    newId: () => crypto.randomUUID(),
  };
  const open = () =>
    openStore(ctx, name, (version) => {
      const told = tidingsOf(version, tidings);
      if (told.length > 0) bringSoon();
      return told;
    });
  const bringSoon = () => {
    // In this very turn, so that the alarm is set with what is stored.
    couriers.added();
    turns.background(Promise.resolve().then(() => couriers.bring()));
  };
  const { store: first, closed } = open();
  let store = first;
  const counters = new DocumentCounters();
  let couriers = couriersOf(place, store, journal, counters);
  const failed = (where: string, error: unknown) => journal.error(where, error);
  const editors = new HostedEditors(host.sockets);
  const document = new KeptDocument(store, limits, failed, counters);
  const live = new LiveDocument({ document, sockets: editors, limits, failed, tally: counters });
  const reporterOf = (stats: KeptEditor["stats"]) =>
    new Reporter({
      counting: counters,
      connections: () => live.attendance.size,
      keep: new RoomKeep(store, stats === undefined ? undefined : { stats }, editors),
      isDocument: true,
      // Where nobody is told, no alarm keeps it awake for that: its numbers are those since it woke.
      everyMs: env.METRICS === undefined ? 0 : metricsReportMs,
      shard: shardFor(name, env.METRICS),
      journal,
    });
  let reporter = reporterOf(editors.keptStats);
  const authorizer = authorizers.of(name);
  const authorizes = authorizer !== undefined;
  const asking = {
    turns,
    name,
    room: live,
    authorizer,
    env,
    journal: {
      error: (where: string, error: unknown) => {
        counters.blamed(hookKey(COUNTED, "authorize"));
        journal.error(where, error);
      },
    },
    clock: Date.now,
  };
  const reauthorization = new Reauthorization(asking);
  const guest = new DocumentGuest({
    live,
    closed,
    authorizes,
    reauthorization,
    couriers: () => couriers,
    reports: () => reporter,
    editors,
    turns,
    end: () => {
      ctx.waitUntil(reporter.settle(Date.now()));
      return host.erase(false);
    },
  });
  const desk = new DocumentDesk({
    keeping: document,
    live,
    numbers: () => reporter.numbers,
    storedBytes: () => ctx.storage.sql.databaseSize,
    store: () => store,
    retry: (recipients) => {
      for (const recipient of recipients) couriers.retry(recipient);
      guest.bring();
    },
    closed,
    authorizes,
    audited: (audit) => journal.audited(audit),
    nudge: (userId, now) => {
      const asked = live.authorities.nudge(userId, now);
      reauthorization.begin(now, userId);
      return asked;
    },
    erase: () => {
      const erased = host.erase(store.isWritten);
      store.close();
      store = open().store;
      couriers = couriersOf(place, store, journal, counters);
      const now = Date.now();
      live.erase(store, now);
      ctx.waitUntil(reporter.settle(now));
      // Its name begins anew, and its numbers with it: also those that nobody is told.
      counters.restart();
      reporter = reporterOf(undefined);
      return erased;
    },
    turn: (work) => turns.turn(work),
    written: () => host.written(),
  });
  return { guest, desk };
}

/** As what failures of a team's rules are counted. */
const COUNTED = documentContract;

function couriersOf(
  place: DocumentPlace,
  { outbox }: SqlDocumentStore,
  journal: RoomJournal,
  counters: DocumentCounters,
): Couriers {
  return new Couriers({
    outbox,
    carriers: outsideCarriers(place, {
      env: place.env,
      failed: (where, error) => {
        if (where === "after") counters.blamed(hookKey(COUNTED, "after"));
        journal.error(where, error);
      },
    }),
    random: Math.random,
    clock: Date.now,
    within,
    failed: (error) => journal.error("outbox", error),
    buried: (deliveries, reason, dropped) => {
      counters.buried(deliveries, dropped);
      journal.error("dead_letter", `${deliveries} given up: ${reason}`);
    },
  });
}

interface Opened {
  readonly store: SqlDocumentStore;
  /** Why this code may not use what is stored. */
  readonly closed: Refusal | undefined;
}

function openStore(ctx: DurableObjectState, name: string, tidings: VersionTidings): Opened {
  const open = (database: Database) => new SqlDocumentStore(database, name, tidings);
  try {
    return { store: open(new DurableDatabase(ctx.storage)), closed: undefined };
  } catch (error) {
    if (!(error instanceof NewerSchemaError)) throw error;
    return { store: open(NO_DATABASE), closed: NEWER_DOCUMENT };
  }
}
