import type { Disconnects as Ended, RuleFailures as Failed } from "../numbers/reading.ts";
import { CountTable } from "./count-table.tsx";

/** How connections ended. */
export function Disconnects({ disconnects }: { readonly disconnects: readonly Ended[] }) {
  return (
    <CountTable
      title="Disconnects by code"
      columns={["Close code", "How"]}
      rows={disconnects.map(({ code, clean, count }) => ({
        cells: [code, clean ? "clean" : "abnormal"],
        isBad: !clean,
        count,
      }))}
    />
  );
}

/** Why things were refused. */
export function Refusals({ refusals }: { readonly refusals: ReadonlyMap<string, number> }) {
  return (
    <CountTable
      title="Refusals by code"
      columns={["Error code"]}
      rows={[...refusals].map(([code, count]) => ({ cells: [code], count }))}
    />
  );
}

/** What was counted by one label; nothing is shown of what there never was. */
export function Tally(props: {
  readonly title: string;
  readonly of: string;
  readonly counts: ReadonlyMap<string, number>;
}) {
  if (props.counts.size === 0) return null;
  const rows = [...props.counts].map(([label, count]) => ({ cells: [label], count }));
  return <CountTable title={props.title} columns={[props.of]} rows={rows} />;
}

/** Rules of a team's kinds that failed; nothing is shown of it as long as none has. */
export function RuleFailures({ failures }: { readonly failures: readonly Failed[] }) {
  if (failures.length === 0) return null;
  return (
    <CountTable
      title="Rules that failed"
      columns={["Kind", "Hook"]}
      rows={failures.map(({ kind, hook, count }) => ({ cells: [kind, hook], count }))}
    />
  );
}
