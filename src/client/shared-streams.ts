import type { Reading } from "./http-channel.ts";
import { StreamGroup } from "./stream-group.ts";

/** Reads rooms over event streams: over as few as can be, or over one for each. */
export class SharedStreams {
  readonly #isShared: boolean;
  readonly #groups = new Set<StreamGroup>();

  constructor(isShared: boolean) {
    this.#isShared = isShared;
  }

  /** Reads a room until that ends; see `Reader`. */
  readonly read = async (reading: Reading): Promise<number> => {
    const { room, wants } = reading.visit;
    // A list of names has commas between, and a stream of many folds nothing on this end.
    const isAlone = !this.#isShared || room.includes(",") || wants.contract !== undefined;
    if (isAlone) return new StreamGroup().read(reading);
    const known = [...this.#groups].find((group) => group.takes(reading));
    const group = known ?? new StreamGroup();
    this.#groups.add(group);
    return group.read(reading);
  };
}
