import { momentsOf } from "../numbers/history.ts";
import { disconnectsIn, type Reading, refusalsIn } from "../numbers/reading.ts";
import { bytesWords, countWords, rateWords } from "../numbers/words.ts";
import { Disconnects, Refusals, RuleFailures, Tally } from "./tables.tsx";
import { Tile } from "./tile.tsx";

/** Every number with its last fifteen minutes, and the totals by code. */
export function Numbers({ readings }: { readonly readings: readonly Reading[] }) {
  const latest = readings.at(-1);
  const moments = momentsOf(readings);
  const now = moments.at(-1);
  if (latest === undefined || now === undefined) return null;
  const { all, abnormal } = disconnectsIn(latest);
  const at = moments.map((moment) => moment.at);
  return (
    <>
      <div class="tiles">
        <Tile
          title="Connections"
          number={countWords(now.connections)}
          at={at}
          lines={[{ name: "Connections", values: moments.map((m) => m.connections) }]}
        />
        <Tile
          title="Rooms"
          number={countWords(now.rooms)}
          note="with someone connected"
          at={at}
          lines={[{ name: "Rooms", values: moments.map((m) => m.rooms) }]}
        />
        <Tile
          title="Documents"
          number={countWords(now.documents)}
          note={`${countWords(latest.edits)} edits so far`}
          at={at}
          lines={[
            { name: "Documents", values: moments.map((m) => m.documents) },
            { name: "Connections", values: moments.map((m) => m.editors) },
          ]}
        />
        <Tile
          title="Messages"
          number={rateWords(now.messagesPerSecond)}
          unit="a second"
          note={`${countWords(latest.messages)} stored so far`}
          at={at}
          lines={[{ name: "Messages a second", values: moments.map((m) => m.messagesPerSecond) }]}
        />
        <Tile
          title="Bytes out"
          number={bytesWords(now.bytesOutPerSecond)}
          unit="a second"
          note={`${bytesWords(now.bytesInPerSecond)} a second in`}
          at={at}
          words={bytesWords}
          least={100}
          lines={[
            { name: "out", values: moments.map((m) => m.bytesOutPerSecond) },
            { name: "in", values: moments.map((m) => m.bytesInPerSecond) },
          ]}
        />
        <Tile
          title="Flush size"
          number={rateWords(now.flushSize)}
          unit="items, on average"
          note={`${countWords(latest.flushes)} flushes so far`}
          at={at}
          lines={[{ name: "Items a flush", values: moments.map((m) => m.flushSize) }]}
        />
        <Tile
          title="Refusals"
          number={rateWords(now.refusalsPerSecond)}
          unit="a second"
          note={`${countWords(refusalsIn(latest))} so far`}
          at={at}
          lines={[{ name: "Refusals a second", values: moments.map((m) => m.refusalsPerSecond) }]}
        />
        <Tile
          title="Abnormal disconnects"
          number={rateWords(now.abnormalPerMinute)}
          unit="a minute"
          note={`${countWords(abnormal)} of ${countWords(all)} so far`}
          isAlarming={(now.abnormalPerMinute ?? 0) > 0}
          at={at}
          lines={[
            {
              name: "Abnormal disconnects a minute",
              values: moments.map((m) => m.abnormalPerMinute),
            },
          ]}
        />
      </div>
      <div class="tables">
        <Disconnects disconnects={latest.disconnects} />
        <Refusals refusals={latest.refusals} />
        <Tally title="Connections to rooms" of="Transport" counts={latest.connects} />
        <Tally title="Connections to many rooms" of="Transport" counts={latest.gateways} />
        <Tally title="Socket.IO recoveries" of="Outcome" counts={latest.recoveries} />
        <Tally title="Socket.IO clients that poll now" of="Hub" counts={latest.hubs} />
        <RuleFailures failures={latest.ruleFailures} />
      </div>
    </>
  );
}
