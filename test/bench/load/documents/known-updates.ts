import * as Y from "yjs";

/** How far an update goes, by client: from the first clock that it has up to the one it does not. */
export type Stretches = readonly (readonly [client: number, from: number, to: number])[];

const KEPT = 64;

/** What is in the updates that servers tell: most readers are told the same bytes, which are read once. */
export class KnownUpdates {
  readonly #recent: { readonly bytes: Buffer; readonly stretches: Stretches }[] = [];

  /** @param update is only lent. */
  stretchesOf(update: Uint8Array): Stretches {
    const known = this.#recent.findLast(({ bytes }) => bytes.equals(update));
    if (known !== undefined) return known.stretches;
    const { from, to } = Y.parseUpdateMeta(update);
    const stretches = [...to].map(([client, end]) => [client, from.get(client) ?? 0, end] as const);
    this.#recent.push({ bytes: Buffer.from(update), stretches });
    if (this.#recent.length > KEPT) this.#recent.shift();
    return stretches;
  }
}
