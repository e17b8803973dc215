import { useLayoutEffect, useState } from "hono/jsx/dom";
import type { LongLine } from "../latency/long-line.ts";
import type { ArenaSession } from "../session.ts";
import { LATENCIES_MS, latencyWords, predictionWords } from "../text/words.ts";

/** How long the line to the server is made, and whether one's own player waits for it. */
export function LineSwitches(props: {
  readonly session: ArenaSession;
  readonly line: LongLine;
  readonly plays: boolean;
}) {
  const { session, line, plays } = props;
  const [latencyMs, setLatencyMs] = useState(line.latencyMs);
  const [predicts, setPredicts] = useState(true);
  useLayoutEffect(() => {
    line.latencyMs = latencyMs;
  }, [line, latencyMs]);
  useLayoutEffect(() => {
    session.predicts = predicts;
  }, [session, predicts]);
  return (
    <div class="switches">
      <fieldset>
        <legend>Added latency</legend>
        {LATENCIES_MS.map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name="latency"
              checked={choice === latencyMs}
              onChange={() => setLatencyMs(choice)}
            />
            {latencyWords(choice)}
          </label>
        ))}
      </fieldset>
      {plays && (
        <>
          <label>
            <input
              type="checkbox"
              checked={predicts}
              onChange={() => setPredicts(!predicts)}
              aria-describedby="prediction"
            />
            Prediction
          </label>
          <p class="hint" id="prediction">
            {predictionWords(predicts, latencyMs)}
          </p>
        </>
      )}
    </div>
  );
}
