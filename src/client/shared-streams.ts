import type { HeldConnection } from "./held-connection.ts";
import type { Reading } from "./http-channel.ts";
import { StreamGroup } from "./stream-group.ts";
import { NO_WORD } from "./transport.ts";

/** Reads rooms over event streams: over as few as can be, or over one for each. */
export class SharedStreams {
  readonly #isShared: boolean;
  readonly #held: HeldConnection | undefined;
  readonly #groups = new Set<StreamGroup>();

  /** @param held what a stream needs, where there is another way without one. */
  constructor(isShared: boolean, held: HeldConnection | undefined) {
    this.#isShared = isShared;
    this.#held = held;
  }

  /** Reads a room until that ends; see `Reader`. */
  readonly read = async (reading: Reading): Promise<number> => {
    if ((await this.#held?.take()) === false) return NO_WORD;
    try {
      return await this.#groupOf(reading).read(reading);
    } finally {
      this.#held?.give();
    }
  };

  #groupOf(reading: Reading): StreamGroup {
    const { room, wants } = reading.visit;
    // A list of names has commas between, and a stream of many folds nothing on this end.
    const isAlone = !this.#isShared || room.includes(",") || wants.contract !== undefined;
    if (isAlone) return new StreamGroup();
    const known = [...this.#groups].find((group) => group.takes(reading));
    const group = known ?? new StreamGroup();
    this.#groups.add(group);
    return group;
  }
}
