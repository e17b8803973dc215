import { isolated } from "../../people/shown-name.ts";
import type { Seen } from "../state/rows.ts";

/** Names shown before the rest is only counted: as many as fit on a phone. */
const NAMES_SHOWN = 2;

/** Who has read up to a line: two of them and a count, all of them when it is opened. */
export function SeenBy({ seen }: { readonly seen: Seen }) {
  const { names, others } = seen;
  if (names.length + others === 0) return null;
  const shown = names.slice(0, NAMES_SHOWN);
  const rest = names.length - shown.length + others;
  const words = (
    <>
      Seen by{" "}
      {shown.map((name, i) => (
        <>
          {i > 0 && (rest === 0 ? " and " : ", ")}
          <bdi class="reader">{name}</bdi>
        </>
      ))}
      {rest > 0 && (shown.length === 0 ? people(rest) : ` and ${rest} more`)}
    </>
  );
  if (names.length <= NAMES_SHOWN) {
    return (
      <p class="seen" aria-live="off" title={names.map(isolated).join(", ")}>
        {words}
      </p>
    );
  }
  return (
    <details class="seen" aria-live="off">
      <summary>{words}</summary>
      <ul>
        {names.map((name) => (
          <li>
            <bdi>{name}</bdi>
          </li>
        ))}
        {others > 0 && <li>{people(others)} whose name is not known here</li>}
      </ul>
    </details>
  );
}

function people(count: number): string {
  return count === 1 ? "1 person" : `${count} people`;
}
