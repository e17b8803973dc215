import { countWords } from "../numbers/words.ts";

/** A row: what is counted, by the columns, and how often that was. */
interface Row {
  readonly cells: readonly string[];
  /** Whether it is something bad, which its cells show. */
  readonly isBad?: boolean;
  readonly count: number;
}

/** What was counted, the most frequent first. */
export function CountTable(props: {
  readonly title: string;
  /** What the cells of a row are. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}) {
  const rows = [...props.rows].sort((a, b) => b.count - a.count);
  return (
    <section aria-label={props.title}>
      <h2>{props.title}</h2>
      {rows.length === 0 ? (
        <p>None so far.</p>
      ) : (
        <table>
          <thead>
            <tr>
              {props.columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
              <th scope="col" class="count">
                Count
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ cells: [first, ...others], isBad = false, count }) => (
              <tr key={[first, ...others].join(" ")}>
                <th scope="row">{first}</th>
                {others.map((cell) => (
                  <td key={cell} class={isBad ? "bad" : ""}>
                    {cell}
                  </td>
                ))}
                <td class="count">{countWords(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
