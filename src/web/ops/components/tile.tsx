import { rateWords } from "../numbers/words.ts";
import { Chart, type Line } from "./chart.tsx";

/** One number as it is now, and how it came to be. */
export function Tile(props: {
  readonly title: string;
  readonly number: string;
  readonly unit?: string;
  readonly note?: string;
  readonly isAlarming?: boolean;
  /** Seconds since the epoch. */
  readonly at: readonly number[];
  readonly lines: readonly Line[];
  readonly words?: (value: number | null) => string;
  readonly least?: number;
}) {
  const { title, number, unit, note = "", isAlarming = false, lines, least = 1 } = props;
  const label = `${title} over the last minutes; now ${number} ${unit ?? ""}`.trim();
  return (
    <section class="tile" aria-label={title}>
      <h2>{title}</h2>
      <p class={isAlarming ? "number alarming" : "number"}>
        {number} {unit !== undefined && <small>{unit}</small>}
      </p>
      <p class="note">{note}</p>
      {lines.length > 1 && (
        <ul class="key">
          {lines.map(({ name }) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      )}
      <Chart
        label={label}
        at={props.at}
        lines={lines}
        words={props.words ?? rateWords}
        least={least}
      />
    </section>
  );
}
