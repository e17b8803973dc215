import type { Reading } from "./http-channel.ts";
import { PollGroup } from "./poll-group.ts";

/** Polls rooms: by as few requests as can be, or by some for each. */
export class SharedPolls {
  #isShared: boolean;
  readonly #groups = new Set<PollGroup>();

  constructor(isShared: boolean) {
    this.#isShared = isShared;
  }

  /** Reads a room until that ends; see `Reader`. */
  readonly read = async (reading: Reading): Promise<number> => {
    const { room, wants } = reading.visit;
    // A list of names has commas between, and of a contract only a room's own polls know.
    const isAlone = !this.#isShared || room.includes(",") || wants.contract !== undefined;
    const old = () => {
      this.#isShared = false;
    };
    if (isAlone) return new PollGroup(old).read(reading);
    const known = [...this.#groups].find((group) => group.takes(reading));
    const group = known ?? new PollGroup(old);
    this.#groups.add(group);
    return group.read(reading);
  };
}
