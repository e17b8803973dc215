import type { HeldConnection } from "./held-connection.ts";
import type { Reading } from "./http-channel.ts";
import { PollGroup } from "./poll-group.ts";

/** Polls rooms: by as few requests as can be, or by some for each. */
export class SharedPolls {
  #isShared: boolean;
  readonly #held: HeldConnection | undefined;
  readonly #groups = new Set<PollGroup>();

  /** @param held what a poll needs to wait for news, where there may be none. */
  constructor(isShared: boolean, held: HeldConnection | undefined) {
    this.#isShared = isShared;
    this.#held = held;
  }

  /** Reads a room until that ends; see `Reader`. */
  readonly read = (reading: Reading): Promise<number> => this.#groupOf(reading).read(reading);

  #groupOf(reading: Reading): PollGroup {
    const { room, wants } = reading.visit;
    const begin = () =>
      new PollGroup(this.#held, () => {
        this.#isShared = false;
      });
    // A list of names has commas between, and of a contract only a room's own polls know.
    if (!this.#isShared || room.includes(",") || wants.contract !== undefined) return begin();
    const known = [...this.#groups].find((group) => group.takes(reading));
    const group = known ?? begin();
    this.#groups.add(group);
    return group;
  }
}
