import fc from "fast-check";
import { expect, it } from "vitest";
import { SqlSnapshot } from "../../../../src/kinds/document/sql-snapshot.ts";
import { BOUNDS } from "../../../../src/protocol/limits.ts";
import { T0 } from "../../room/support/scene.ts";
import { DocumentScene } from "./support/document-scene.ts";
import { ListWriter } from "./support/list-writer.ts";

// A failure prints both; give them back as SEED and SEED_PATH to see it again.
const SEED = Number(process.env["SEED"] ?? 20_261_127);
const PATH = process.env["SEED_PATH"];
const RUNS = Number(process.env["RUNS"] ?? 60);
const PARAMETERS = { seed: SEED, numRuns: RUNS, ...(PATH === undefined ? {} : { path: PATH }) };

const WRITERS = 4;
const STEPS = [
  "type",
  "type",
  "send",
  "send",
  "send",
  "read",
  "flush",
  "flush",
  "write-down",
  "drop",
  "join",
  "join-anew",
  "trim",
  "crash",
  "fail",
] as const;

type Step = readonly [step: (typeof STEPS)[number], writer: number];

it("leaves all equal, each change there once and in its writer's order, whatever interleaves", () => {
  const step = fc.tuple(fc.constantFrom(...STEPS), fc.nat(WRITERS - 1));
  const run = (steps: readonly Step[]) => new Run().over(steps);
  fc.assert(fc.property(fc.array(step, { minLength: 50, maxLength: 200 }), run), PARAMETERS);
});

/** A document and those who write in it. */
class Run {
  readonly #scene = new DocumentScene({ LIMIT_JOINS_PER_MINUTE: "0" });
  readonly #writers = Array.from(
    { length: WRITERS },
    (_, i) => new ListWriter(this.#scene, `w${i}`),
  );
  #now = T0;

  over(steps: readonly Step[]): void {
    for (const [step, writer] of steps) {
      this.#now += 3;
      const one = this.#writers[writer];
      if (one !== undefined) this.#do(step, one);
    }
    this.#settle();
    const [first, ...others] = this.#writers.map(({ list }) => list);
    for (const other of others) expect(other).toEqual(first);
    expect(new Set(first).size).toBe(first?.length);
    for (const { userId } of this.#writers) {
      const theirs = first?.filter((one) => one.startsWith(`${userId}:`));
      expect(theirs).toEqual(theirs?.map((_, index) => `${userId}:${index + 1}`));
    }
    expect(this.#scene.store.log.head).toBeLessThanOrEqual(first?.length ?? 0);
  }

  #do(step: Step[0], writer: ListWriter): void {
    const now = this.#now;
    if (step === "type") writer.type();
    else if (step === "send") writer.send(now);
    else if (step === "read") writer.read();
    else if (step === "write-down") writer.writeDown(now);
    else if (step === "drop") writer.leave(now);
    else if (step === "join") writer.join(now);
    else if (step === "join-anew") this.#anew(writer);
    else if (step === "flush") this.#flush();
    else if (step === "trim") this.#trim();
    else if (step === "crash") this.#crash();
    else this.#fail();
  }

  #flush(): void {
    do this.#scene.flush(this.#now);
    while (this.#scene.room.hasWork);
  }

  /** Only whoever has nothing of its own left may forget where it stood. */
  #anew(writer: ListWriter): void {
    if (writer.pending.length === 0) writer.join(this.#now, true);
  }

  /** As when a thousand frames have come since the snapshot: nobody was away for so long. */
  #trim(): void {
    for (const one of this.#writers) one.join(this.#now);
    this.#flush();
    for (const one of this.#writers) one.read();
    this.#now += BOUNDS.dedupeWindowMs + 1;
    const { log, tables } = this.#scene.store;
    log.trim(new SqlSnapshot(tables).seq() + 1, 1_000);
  }

  #crash(): void {
    for (const one of this.#writers) one.crash();
    this.#scene.restart();
  }

  #fail(): void {
    this.#scene.database.failing = true;
    this.#flush();
    this.#scene.database.failing = false;
  }

  #settle(): void {
    for (const one of this.#writers) if (!one.isHere) one.join(this.#now);
    for (let round = 0; round < 100; round++) {
      this.#now += 1_000;
      this.#flush();
      for (const one of this.#writers) {
        one.read();
        one.send(this.#now);
      }
      this.#flush();
      for (const one of this.#writers) one.read();
      if (this.#writers.every(({ pending }) => pending.length === 0)) return;
    }
    throw new Error("They never came to an end.");
  }
}
