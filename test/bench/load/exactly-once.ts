import type { Crowd } from "./crowd.ts";

/** Throws unless every message came exactly once at everyone, was accepted once, and nobody was cut off. */
export function requireExactlyOnce(crowd: Crowd): void {
  const { tally, members } = crowd;
  const { sent, delivered, answered, refused } = tally;
  const short = members.filter(
    (member) => member.received.count !== crowd.copiesFor(member),
  ).length;
  const unanswered = crowd.answers - answered - refused;
  const lost = members.filter(({ connection }) => connection.lost).length;
  const faults = [
    [short, `${short} readers miss some (${crowd.copies - delivered} copies)`],
    [tally.duplicates, `${tally.duplicates} copies came twice`],
    [unanswered, `${unanswered} were not answered`],
    [tally.strayAnswers, `${tally.strayAnswers} answers came twice or to the wrong sender`],
    [refused, `${refused} were refused`],
    [lost, `${lost} connections were lost`],
    ...(crowd.isOrdered ? orderFaults(crowd) : []),
  ] as const;
  const found = faults.filter(([count]) => count > 0).map(([, text]) => text);
  if (found.length === 0) return;
  throw new Error(`of ${sent} messages to ${members.length} readers: ${found.join(", ")}`);
}

function orderFaults({ tally, members }: Crowd): readonly (readonly [number, string])[] {
  const orders = new Set(members.map(({ received }) => received.order)).size;
  return [
    [tally.disordered, `${tally.disordered} copies came before an earlier one of the same sender`],
    [orders - 1, `readers saw ${orders} different orders`],
  ];
}
