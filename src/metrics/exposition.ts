import { ERROR_CODES } from "../protocol/error.ts";
import { type Counts, FLUSH_BOUNDS, NO_DOCUMENT_COUNTS, type Tally } from "./counts.ts";
import { parseEndingKey } from "./ending.ts";
import { parseKindKey } from "./kind-key.ts";
import type { Snapshot } from "./report.ts";

/** The media type of Prometheus's text format. */
export const EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8";

type Labels = Readonly<Record<string, string>>;
/** A line of a family: what is added to the family's name, labels, and value. */
type Sample = readonly [suffix: string, labels: Labels, value: number];

/**
 * Numbers as Prometheus reads them (text-based format 0.0.4). What can be listed is listed from the
 * start, with zeros, so that the first event of a sort shows as an increase.
 *
 * @param hubs clients of Socket.IO that poll, by the number of their hub.
 */
export function exposition(
  { counts, connections, rooms, documents }: Snapshot,
  hubs: ReadonlyMap<number, number> = new Map(),
): string {
  const { messages, framesIn, bytesIn, bytesOut } = counts;
  const inDocuments = counts.documents ?? NO_DOCUMENT_COUNTS;
  return [
    family("hibiki_connections", "gauge", "Open connections.", [["", {}, connections]]),
    family("hibiki_rooms", "gauge", "Rooms with at least one connection.", [["", {}, rooms]]),
    family(
      "hibiki_connects_total",
      "counter",
      "Connections let in, by how they came.",
      byLabel("transport", { ...NO_CONNECTS, ...counts.connects }),
    ),
    family(
      "hibiki_gateway_sessions_total",
      "counter",
      "Connections to many rooms begun, by how; clients of Socket.IO that went from polling on to a WebSocket too.",
      byLabel("transport", { ...NO_GATEWAYS, ...counts.gateways }),
    ),
    family(
      "hibiki_socketio_recoveries_total",
      "counter",
      "Clients of Socket.IO that came back, by outcome: recovered, unknown (a bad id or place) or forgotten (by a room).",
      byLabel("outcome", { recovered: 0, unknown: 0, forgotten: 0, ...counts.recoveries }),
    ),
    family(
      "hibiki_socketio_polling_clients",
      "gauge",
      "Clients of Socket.IO that poll now, by hub.",
      [...hubs].map(([hub, clients]) => ["", { hub: String(hub) }, clients]),
    ),
    family(
      "hibiki_disconnects_total",
      "counter",
      "Connections ended, by close code, and whether cleanly.",
      disconnects(counts.disconnects),
    ),
    family("hibiki_messages_total", "counter", "Durable events appended to logs.", [
      ["", {}, messages],
    ]),
    family("hibiki_frames_received_total", "counter", "Frames received over WebSocket.", [
      ["", {}, framesIn],
    ]),
    family(
      "hibiki_bytes_total",
      "counter",
      "Payload of WebSocket messages, before compression.",
      byLabel("direction", { in: bytesIn, out: bytesOut }),
    ),
    family(
      "hibiki_dead_letters_total",
      "counter",
      "Notices, webhook messages, rules and timers given up: nobody took them for a day, or they were refused.",
      [["", {}, counts.deadLetters]],
    ),
    family(
      "hibiki_dead_letters_dropped_total",
      "counter",
      "Dead letters that are not kept any more, because their room had too many.",
      [["", {}, counts.deadLettersDropped]],
    ),
    family(
      "hibiki_skipped_ticks_total",
      "counter",
      "Ticks of games left out after stalls: more than a few a minute are work that is too much.",
      [["", {}, counts.skippedTicks]],
    ),
    family("hibiki_flush_size", "histogram", "Items settled by one flush.", flushes(counts)),
    family(
      "hibiki_refusals_total",
      "counter",
      "Frames, requests and connections refused, by error code; codes of a team's own kind with the kind.",
      byKind("code", { ...NO_REFUSALS, ...counts.refusals }),
    ),
    family(
      "hibiki_rule_failures_total",
      "counter",
      "Rules of a kind of room that threw, or answered what they may not, by kind and hook.",
      byKind("hook", counts.ruleFailures),
    ),
    family("hibiki_documents", "gauge", "Yjs documents with at least one connection.", [
      ["", {}, documents?.open ?? 0],
    ]),
    family("hibiki_document_connections", "gauge", "Open connections to Yjs documents.", [
      ["", {}, documents?.connections ?? 0],
    ]),
    family(
      "hibiki_document_edits_total",
      "counter",
      "Changes to Yjs documents that were taken and had something new in them.",
      [["", {}, inDocuments.edits]],
    ),
    family(
      "hibiki_document_refused_frames_total",
      "counter",
      "Frames to Yjs documents that were refused or dropped, by error code.",
      byLabel("code", { ...NO_REFUSED_FRAMES, ...inDocuments.refused }),
    ),
    family(
      "hibiki_document_stored_bytes_total",
      "counter",
      "Bytes of updates stored in Yjs documents.",
      [["", {}, inDocuments.storedBytes]],
    ),
    family(
      "hibiki_document_folds_total",
      "counter",
      "Tails of updates folded into the snapshot of a Yjs document.",
      [["", {}, inDocuments.folds]],
    ),
    family(
      "hibiki_document_quarantined_updates_total",
      "counter",
      "Updates set aside, for their Yjs document could not be built with them.",
      [["", {}, inDocuments.setAside]],
    ),
  ].join("");
}

const NO_GATEWAYS: Tally = {
  multiplexed: 0,
  socketio_websocket: 0,
  socketio_polling: 0,
  socketio_upgraded: 0,
};
const NO_CONNECTS: Tally = {
  ...{ websocket: 0, sse: 0, poll: 0, yjs: 0 },
  ...{ multiplexed: 0, socketio_websocket: 0, socketio_polling: 0 },
};

/** Codes that frames of documents are refused with while their connection stays. */
const NO_REFUSED_FRAMES: Tally = { invalid_frame: 0, access_denied: 0, too_large: 0 };

const NO_REFUSALS: Tally = Object.fromEntries(Object.keys(ERROR_CODES).map((code) => [code, 0]));

function family(
  name: string,
  type: "counter" | "gauge" | "histogram",
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(
    ([suffix, labels, value]) => `${name}${suffix}${labelText(labels)} ${value}\n`,
  );
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("")}`;
}

function byLabel(label: string, tally: Tally): readonly Sample[] {
  return Object.entries(tally).map(([key, count]) => ["", { [label]: key }, count]);
}

function byKind(label: string, tally: Tally): readonly Sample[] {
  return Object.entries(tally).map(([key, count]) => {
    const { kind, what } = parseKindKey(key);
    return ["", { [label]: what, ...(kind === undefined ? {} : { kind }) }, count];
  });
}

function disconnects(tally: Tally): readonly Sample[] {
  return Object.entries(tally).map(([key, count]) => {
    const { code, clean } = parseEndingKey(key);
    return ["", { code, clean: String(clean) }, count];
  });
}

/** Each bucket counts what is in those before it too; the last holds all. */
function flushes({ flushes: byBound, flushItems }: Counts): readonly Sample[] {
  let count = 0;
  const buckets = [...FLUSH_BOUNDS.map(String), "+Inf"].map((le): Sample => {
    count += byBound[le] ?? 0;
    return ["_bucket", { le }, count];
  });
  return [...buckets, ["_sum", {}, flushItems], ["_count", {}, count]];
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}
