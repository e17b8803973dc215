import { memo, useId, useLayoutEffect, useRef, useState } from "hono/jsx/dom";
import { Plot } from "../plot.ts";
import type { Span } from "../span.ts";
import type { Stretch } from "../state/board.ts";
import { PLAIN, type Reading } from "../state/reading.ts";
import { at, countSince, lastOf, type Track } from "../state/track.ts";
import { chartWords, momentWords, valueWords } from "../text/words.ts";

/** One event's values over time, with the last of them, or those under the pointer, in figures. */
export const Chart = memo(ChartOf);

function ChartOf(props: {
  readonly name: string;
  readonly track: Track;
  readonly stretch: Stretch;
  readonly span: Span;
}) {
  const { track, stretch, span } = props;
  const frame = useRef<HTMLDivElement>(null);
  const key = useRef<HTMLUListElement>(null);
  const plot = useRef<Plot>(null);
  const [pointed, setPointed] = useState<number>();
  const labels = [...track.series.keys()];
  const title = useId();

  useLayoutEffect(() => {
    if (frame.current === null || key.current === null) return;
    const made = new Plot(frame.current, key.current, labels, { pointed: setPointed });
    plot.current = made;
    return () => made.remove();
  }, [labels.join("\n")]);
  useLayoutEffect(() => plot.current?.show(track, stretch), [track, stretch]);

  const last = lastOf(track);
  const lastAt = track.times.at(-1) ?? 0;
  const figures = pointed === undefined ? last : at(track, pointed);
  return (
    <figure class="chart" aria-labelledby={title}>
      <figcaption>
        <h2 id={title} dir="auto">
          {props.name}
        </h2>
        <Key labels={labels} figures={figures} list={key} />
      </figcaption>
      {lastAt < stretch.from && <p class="past">Last published {momentWords(lastAt)}</p>}
      <div
        class="plot"
        role="img"
        aria-label={chartWords(countSince(track, stretch.from), span.words, last)}
        ref={frame}
      />
    </figure>
  );
}

/** Which line is which, and what it is at. */
function Key(props: {
  readonly labels: readonly string[];
  readonly figures: Reading;
  readonly list: { current: HTMLUListElement | null };
}) {
  return (
    <ul class="key" ref={props.list}>
      {props.labels.map((label, index) => {
        const figure = props.figures.get(label);
        return (
          <li key={label}>
            <svg class={`line-${index}`} viewBox="0 0 20 4" aria-hidden="true" focusable="false">
              <path d="M0 2h20" />
            </svg>
            {label !== PLAIN && <bdi class="label">{label}</bdi>}
            <span class="figure">{figure === undefined ? "–" : valueWords(figure)}</span>
          </li>
        );
      })}
    </ul>
  );
}
