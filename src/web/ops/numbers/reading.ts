import { parseExposition, type Series } from "./exposition.ts";

/** Connections that ended in one way. */
export interface Disconnects {
  readonly code: string;
  readonly clean: boolean;
  readonly count: number;
}

/** How often a rule of a kind of room has failed. */
export interface RuleFailures {
  readonly kind: string;
  readonly hook: string;
  readonly count: number;
}

/** What the server said at one moment: gauges as they are, counters since their beginning. */
export interface Reading {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly connections: number;
  readonly rooms: number;
  /** Yjs documents with somebody connected, those connections, and changes taken. */
  readonly documents: number;
  readonly editors: number;
  readonly edits: number;
  readonly messages: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly flushes: number;
  readonly flushItems: number;
  /** By code, a team's own with the kind; those that never happened left out. */
  readonly refusals: ReadonlyMap<string, number>;
  readonly disconnects: readonly Disconnects[];
  /** By transport, those that there never were left out: connections to rooms, and to many at once. */
  readonly connects: ReadonlyMap<string, number>;
  readonly gateways: ReadonlyMap<string, number>;
  /** Clients of Socket.IO that came back by outcome, and that poll now by hub. */
  readonly recoveries: ReadonlyMap<string, number>;
  readonly hubs: ReadonlyMap<string, number>;
  readonly ruleFailures: readonly RuleFailures[];
}

/** Makes sense of a scrape; throws when it is not one of a Hibiki server. */
export function readingOf(text: string, at: number): Reading {
  const series = parseExposition(text);
  const one = (name: string, wanted: Readonly<Record<string, string>> = {}) => {
    const found = series.find(({ name: other, labels }) => other === name && fits(labels, wanted));
    if (found === undefined) throw new SyntaxError(`The metrics have no ${name}.`);
    return found.value;
  };
  const all = (name: string) => series.filter((some) => some.name === name);
  const by = (name: string, label: string) =>
    new Map(
      all(name)
        .filter(({ value }) => value > 0)
        .map(({ labels, value }) => [labels[label] ?? "", value]),
    );
  return {
    at,
    connections: one("hibiki_connections"),
    rooms: one("hibiki_rooms"),
    documents: one("hibiki_documents"),
    editors: one("hibiki_document_connections"),
    edits: one("hibiki_document_edits_total"),
    messages: one("hibiki_messages_total"),
    bytesIn: one("hibiki_bytes_total", { direction: "in" }),
    bytesOut: one("hibiki_bytes_total", { direction: "out" }),
    flushes: one("hibiki_flush_size_count"),
    flushItems: one("hibiki_flush_size_sum"),
    refusals: new Map(
      all("hibiki_refusals_total")
        .filter(({ value }) => value > 0)
        .map(({ labels: { code = "", kind }, value }) => [
          kind === undefined ? code : `${kind}: ${code}`,
          value,
        ]),
    ),
    disconnects: all("hibiki_disconnects_total").map(({ labels, value }) => ({
      code: labels["code"] ?? "",
      clean: labels["clean"] === "true",
      count: value,
    })),
    connects: by("hibiki_connects_total", "transport"),
    gateways: by("hibiki_gateway_sessions_total", "transport"),
    recoveries: by("hibiki_socketio_recoveries_total", "outcome"),
    hubs: by("hibiki_socketio_polling_clients", "hub"),
    ruleFailures: all("hibiki_rule_failures_total").map(({ labels, value }) => ({
      kind: labels["kind"] ?? "",
      hook: labels["hook"] ?? "",
      count: value,
    })),
  };
}

/** How many refusals there were in all. */
export function refusalsIn({ refusals }: Reading): number {
  return [...refusals.values()].reduce((sum, count) => sum + count, 0);
}

/** How many connections ended, cleanly and otherwise. */
export function disconnectsIn({ disconnects }: Reading): { all: number; abnormal: number } {
  const sum = (some: readonly Disconnects[]) => some.reduce((total, { count }) => total + count, 0);
  return { all: sum(disconnects), abnormal: sum(disconnects.filter(({ clean }) => !clean)) };
}

function fits(labels: Series["labels"], wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}
