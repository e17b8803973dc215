import { ratio, type Scenario } from "../scenario.ts";
import { costingDocuments } from "./cost.ts";
import { joiningCold } from "./join-cold.ts";
import { killing } from "./kill.ts";
import { withStockProviders } from "./stock.ts";
import { replaying } from "./trace.ts";
import { typing } from "./typing.ts";

const OURS = "hibiki-documents";
const CPU = "cpuPerDelivery";

/** Every scenario of documents, in the order of the report. */
export const DOCUMENTS: readonly Scenario[] = [
  typing(100, [
    ratio(CPU, "y-websocket", OURS, 1 / 0.6, "at most 0.6 × the server CPU of y-websocket"),
    ratio(CPU, "hocuspocus", OURS, 1 / 0.6, "at most 0.6 × that of Hocuspocus"),
    ratio(CPU, "y-partyserver", OURS, 1 / 0.3, "at most 0.3 × that of y-partyserver"),
  ]),
  typing(500, [
    ratio(CPU, "y-websocket", OURS, 1 / 0.45, "at most 0.45 × the server CPU of y-websocket"),
    ratio("p95", "y-websocket", OURS, 1, "p95 delivery no later than y-websocket's"),
  ]),
  withStockProviders,
  replaying,
  joiningCold,
  killing,
  costingDocuments,
];
