import type { Disconnects as Ended, RuleFailures as Failed } from "../numbers/reading.ts";
import { countWords } from "../numbers/words.ts";

/** How connections ended. */
export function Disconnects({ disconnects }: { readonly disconnects: readonly Ended[] }) {
  const rows = [...disconnects].sort((a, b) => b.count - a.count);
  return (
    <section aria-label="Disconnects by code">
      <h2>Disconnects by code</h2>
      {rows.length === 0 ? (
        <p>None so far.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Close code</th>
              <th scope="col">How</th>
              <th scope="col" class="count">
                Count
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ code, clean, count }) => (
              <tr key={`${code} ${clean}`}>
                <th scope="row">{code}</th>
                <td class={clean ? "" : "bad"}>{clean ? "clean" : "abnormal"}</td>
                <td class="count">{countWords(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Why things were refused. */
export function Refusals({ refusals }: { readonly refusals: ReadonlyMap<string, number> }) {
  const rows = [...refusals].sort(([, a], [, b]) => b - a);
  return (
    <section aria-label="Refusals by code">
      <h2>Refusals by code</h2>
      {rows.length === 0 ? (
        <p>None so far.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col">Error code</th>
              <th scope="col" class="count">
                Count
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(([code, count]) => (
              <tr key={code}>
                <th scope="row">{code}</th>
                <td class="count">{countWords(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** Rules of a team's kinds that failed; nothing is shown of it as long as none has. */
export function RuleFailures({ failures }: { readonly failures: readonly Failed[] }) {
  if (failures.length === 0) return null;
  const rows = [...failures].sort((a, b) => b.count - a.count);
  return (
    <section aria-label="Rules that failed">
      <h2>Rules that failed</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Hook</th>
            <th scope="col" class="count">
              Count
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kind, hook, count }) => (
            <tr key={`${kind} ${hook}`}>
              <th scope="row">{kind}</th>
              <td>{hook}</td>
              <td class="count">{countWords(count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
